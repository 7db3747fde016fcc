"""The product's settings, and beside its addresses a bare view as the floor of every request."""

from codex.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
API_REQUESTS_PER_MINUTE = 10_000_000
DEBUG = False
ALLOWED_HOSTS = ["bench.local"]
