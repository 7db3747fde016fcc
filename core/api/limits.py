"""How often somebody may ask: counted per minute in the shared cache, told in headers.

A cache that is away must not close the API, so then nobody is counted.
"""

import time
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.core.cache import cache

from core.errors import TooMany

WINDOW = 60
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Allowance:
    limit: int
    remaining: int
    reset: int  # seconds until the count starts again

    @property
    def is_used_up(self) -> bool:
        return self.remaining < 0

    def headers(self) -> dict[str, str]:
        """As the IETF draft on rate limit headers names them."""
        left = max(self.remaining, 0)
        return {
            "RateLimit-Policy": f'"default";q={self.limit};w={WINDOW}',
            "RateLimit": f'"default";r={left};t={self.reset}',
        }

    def refusal(self) -> TooMany:
        return TooMany(retry_after=self.reset)


def take(who: str, *, limit: int | None = None) -> Allowance:
    """Count one request of ``who``, e.g. a user's id or an address that failed to sign in."""
    limit = settings.API_REQUESTS_PER_MINUTE if limit is None else limit
    now = int(time.time())
    minute, passed = divmod(now, WINDOW)
    key = f"codex:limit:{who}:{minute}"
    try:
        cache.add(key, 0, timeout=2 * WINDOW)
        used = cache.incr(key)
    except Exception as error:
        log.warning("limit_not_counted", error=str(error))
        used = 0
    return Allowance(limit, limit - used, WINDOW - passed)
