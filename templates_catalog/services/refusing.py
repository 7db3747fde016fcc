"""Each refused attempt at what a template guards is remembered, with who tried and what."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from core.refusals import tried

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def refusals_told(what: str) -> Callable[[Callable[Given, Answer]], Callable[Given, Answer]]:
    """For services that name their ``template_id`` or ``draft_id``."""

    def decorate(service: Callable[Given, Answer]) -> Callable[Given, Answer]:
        @wraps(service)
        def told(*args: Given.args, **facts: Given.kwargs) -> Answer:
            with tried("template.refused", what, **_subject(facts)):
                return service(*args, **facts)

        return told

    return decorate


def _subject(facts: dict[str, Any]) -> dict[str, str]:
    if facts.get("template_id"):
        return {
            "subject_type": "templates_catalog.template",
            "subject_id": str(facts["template_id"]),
        }
    named = str(facts.get("draft_id") or facts.get("block_id") or "")
    return {"subject_type": "drafts.draft", "subject_id": named, "draft_id": named}
