"""A past of the tenant, and one of another which must never be counted."""

from random import Random

import pytest

from core.scope import scope
from tests.insights.history import Past


def past(tenant_id, people, reviewers, seed, times):
    with scope(tenant_id=tenant_id):
        Past(tenant_id, people, reviewers, Random(seed)).happen(times)


@pytest.fixture
def lived(cast):
    """The tenant's past; the other tenant has one of its own."""

    def live(seed: int, times: int = 60):
        past(
            cast.tenant.pk,
            [cast.olivia.pk, cast.eddie.pk, cast.bob.pk],
            [cast.rita.pk, cast.ron.pk],
            seed,
            times,
        )
        past(cast.other.pk, [cast.stranger.pk], [cast.rita.pk, cast.ron.pk], seed + 1, 12)
        return cast

    return live
