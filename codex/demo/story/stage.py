"""What all chapters share: who plays, on which shop, and who tells it."""

from dataclasses import dataclass, field

from codex.demo.story.doors import Door
from codex.demo.story.teller import Teller


@dataclass
class Stage:
    tenant_id: str
    shop_name: str
    teller: Teller
    editor: Door
    reviewer: Door
    second_reviewer: Door
    stranger: Door
    drafts: list[str] = field(default_factory=list)
