"""What higher floors know and routing rules may ask for: registered by them when they start."""

from collections.abc import Callable

# Each answers ``(template id, name)`` of the templates the scope's tenant may use.
template_sources: list[Callable[[], list[tuple[str, str]]]] = []


def templates() -> list[tuple[str, str]]:
    return [pair for source in template_sources for pair in source()]


# Each answers the tenant's limits by name, as words or figures, for the policy's record.
limit_sources: list[Callable[[str], dict[str, object]]] = []


def limits(tenant_id: str) -> dict[str, object]:
    found: dict[str, object] = {}
    for source in limit_sources:
        found |= source(tenant_id)
    return found
