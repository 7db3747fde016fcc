"""Calling people by name in a comment, and telling those whom it concerns."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import Invalid
from drafts.models import Comment, Draft
from drafts.queries import audience, contributor_ids, mentionable
from notifications.services import notify
from tenants.models import User

AT = "@"


def mentioned_in(text: str, draft: Draft, actor: Actor, named: Sequence[str]) -> list[str]:
    """The ids ``named``, and those whose ``@name`` stands in the text, without the speaker.

    Only people who may see the draft can be mentioned. A word after ``@`` that is nobody's name
    stays a word; an id that is nobody's is refused.
    """
    if AT not in text and not named:
        return []
    people = mentionable(draft, actor)
    if strangers := [user_id for user_id in named if user_id not in people]:
        said = _("“{who}” cannot see this draft, so they cannot be mentioned.")
        raise Invalid({"mentions": [said.format(who=strangers[0])]})
    return sorted({*named, *_called(text, people)} - {str(actor.user_id)})


def _called(text: str, people: Mapping[str, User]) -> set[str]:
    words, found = _handles(people), set()
    lower = text.casefold()
    for start, sign in enumerate(lower):
        if sign != AT or (start and lower[start - 1].isalnum()):
            continue
        fits = [word for word in words if _stands_at(lower, start + 1, word)]
        if fits:
            found.add(words[max(fits, key=len)])
    return found


def _stands_at(text: str, start: int, word: str) -> bool:
    end = start + len(word)
    return text.startswith(word, start) and not (end < len(text) and text[end].isalnum())


def _handles(people: Mapping[str, User]) -> dict[str, str]:
    """What may follow the ``@``: the whole name, or its first word or the first part of the
    address where only one person has it."""
    found: dict[str, list[str]] = {}
    for user_id, user in people.items():
        name = str(user).casefold()
        for word in {name, name.split()[0], user.email.partition(AT)[0].casefold()}:
            found.setdefault(word, []).append(user_id)
    return {word: ids[0] for word, ids in found.items() if word and len(ids) == 1}


def tell(draft: Draft, made: Comment, actor: Actor) -> None:
    """Those mentioned; those in the same thread; those who write the draft: each once, none of
    them the speaker, and only who may see it."""
    seeing = audience(draft).keys()
    told = {str(actor.user_id)}
    text = f"{made.about}: {made.text}" if made.about else made.text
    circles = (
        ("comment.mention", _("{who} mentioned you in “{draft}”"), made.mentioned),
        ("comment.reply", _("{who} answered in “{draft}”"), _in_thread(made)),
        ("comment.added", _("{who} commented on “{draft}”"), contributor_ids(draft)),
    )
    for kind, subject, people in circles:
        whom = (set(people) & seeing) - told
        told |= whom
        notify(
            tenant_id=draft.tenant_id,
            user_ids=whom,
            kind=kind,
            subject=subject.format(who=actor.label, draft=draft.name),
            text=text,
            details={"draft_id": draft.pk, "comment": {"who": actor.label, "text": text}},
            url=_link(draft, made),
            dedupe_key=f"{made.pk}:{kind}",
        )


def _in_thread(made: Comment) -> Iterable[str]:
    if made.parent is None:
        return []
    answers = Comment.objects.filter(parent=made.parent).values_list("author_id", flat=True)
    return [made.parent.author_id, *answers]


def _link(draft: Draft, made: Comment) -> str:
    """The review, which everybody who sees a submitted draft can open; the draft before that."""
    thread = made.parent_id or made.pk
    if draft.submitted_at is None:
        return f"/portal/workflows/drafts/{draft.pk}#{thread}"
    return f"/portal/reviews/{draft.pk}#{thread}"
