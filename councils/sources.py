"""What higher floors know and routing rules may ask for: registered by them when they start."""

from collections.abc import Callable

# Each answers ``(template id, name)`` of the templates the scope's tenant may use.
template_sources: list[Callable[[], list[tuple[str, str]]]] = []


def templates() -> list[tuple[str, str]]:
    return [pair for source in template_sources for pair in source()]
