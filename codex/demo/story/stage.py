"""What all chapters share: who plays, on which shop, and who tells it."""

from dataclasses import dataclass

from codex.demo.story.doors import Door
from codex.demo.story.teller import Teller


@dataclass
class Stage:
    tenant_id: str
    teller: Teller
    editor: Door
    reviewer: Door
    second_reviewer: Door
    stranger: Door
