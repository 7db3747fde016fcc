"""Log lines: JSON for machines, or readable ones on a person's own machine."""

from typing import Any

import structlog

from codex import env

shared: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.processors.format_exc_info,
]
renderer = (
    structlog.dev.ConsoleRenderer(colors=False)
    if env.flag("CODEX_LOCAL") or env.flag("CODEX_DEBUG")
    else structlog.processors.JSONRenderer()
)


def configure() -> None:
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
