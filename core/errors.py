"""What a service may refuse, said once; ``core.answers`` makes it a page or a problem document."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

FieldErrors = Mapping[str, Sequence[object]]


class DomainError(Exception):
    """A refusal a person can act on. ``detail`` is shown to them; ``fields`` says where."""

    status = 400
    code = "refused"
    title: Any = _("This can't be done")
    audit: Any = None  # what ``core.refusals`` writes of it

    def __init__(
        self, detail: object = "", *, fields: FieldErrors | None = None, **extra: Any
    ) -> None:
        super().__init__(detail)
        self.detail = detail or self.title
        self.fields = {name: list(errors) for name, errors in (fields or {}).items()}
        self.extra = extra

    def __str__(self) -> str:
        return str(self.detail)


class NotAllowed(DomainError):
    status = 403
    code = "not_allowed"
    title = _("You may not do this")

    def __init__(self, detail: object = "", *, perm: str = "", **extra: Any) -> None:
        super().__init__(detail, **extra)
        self.perm = perm


class NotFound(DomainError):
    """Not there, or not yours: both look the same to the person who asks."""

    status = 404
    code = "not_found"
    title = _("Not found")

    def __init__(self) -> None:
        super().__init__()


class IllegalMove(DomainError):
    status = 409
    code = "illegal_move"
    title = _("Not possible in this state")


class Conflict(DomainError):
    status = 409
    code = "conflict"
    title = _("Something changed in the meantime")


class PreconditionFailed(DomainError):
    status = 412
    code = "precondition_failed"
    title = _("Someone saved a newer version")


class Invalid(DomainError):
    """Bad input, per field: ``Invalid({"inputs.tone": ["…"]})``."""

    status = 422
    code = "invalid"
    title = _("Some of this needs correcting")

    def __init__(self, fields: FieldErrors, detail: object = "", **extra: Any) -> None:
        super().__init__(detail, fields=fields, **extra)


class TooMany(DomainError):
    status = 429
    code = "too_many"
    title = _("Too many requests")

    def __init__(self, detail: object = "", *, retry_after: int = 60, **extra: Any) -> None:
        super().__init__(detail, **extra)
        self.retry_after = retry_after
