"""Minutes of a council's meeting as Markdown, from what was decided in it."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from councils.models import Session, SessionItem

ESCAPED = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_{}[]<>#|"})


def markdown(session: Session, items: list[SessionItem]) -> str:
    """One section an item; what people typed is quoted and cannot become markup."""
    began = timezone.localtime(session.started_at)
    head = [
        f"# {_('Minutes')}: {_plain(session.council_name)}",
        "",
        f"- {_('Held')}: {date_format(began, 'j F Y, H:i')}{_until(session)}",
        f"- {_('Led by')}: {_plain(str(session.led_by))}",
        f"- {_('Items')}: {len(items)}",
        "",
    ]
    return "\n".join(head + [line for item in items for line in _section(item)]).rstrip() + "\n"


def _until(session: Session) -> str:
    if session.closed_at is None:
        return ""
    return f" – {date_format(timezone.localtime(session.closed_at), 'H:i')}"


def _section(item: SessionItem) -> list[str]:
    out = item.outcome
    state = out.get("state_label") or _("not reached")
    lines = [
        f"## {item.position}. {_plain(item.name)}",
        "",
        _plain(item.effect),
        "",
        f"- {_('Author')}: {_plain(item.author_name)}",
        f"- {_('Revision')}: {item.revision_number}",
        f"- {_('Time spent')}: {item.seconds // 60}:{item.seconds % 60:02}",
        f"- {_('Afterwards')}: **{_plain(state)}**",
        "",
    ]
    for one in out.get("verdicts", []):
        back = f" ({_('taken back')})" if one["taken_back"] else ""
        lines += [
            f"**{_plain(one['who'])}**: {_plain(one['label'])}{back}",
            *_quoted(one["comment"]),
        ]
    for one in out.get("comments", []):
        about = f" ({_plain(one['about'])})" if one["about"] else ""
        lines += [f"**{_plain(one['who'])}**{about}:", *_quoted(one["text"])]
    if not out.get("verdicts") and not out.get("comments"):
        lines += [_("Nothing was decided or said."), ""]
    return lines


def _quoted(text: str) -> list[str]:
    said = [f"> {_plain(line)}" for line in text.splitlines()]
    return ["", *said, ""] if said else [""]


def _plain(text: str) -> str:
    return text.translate(ESCAPED)
