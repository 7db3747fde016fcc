"""The story is played against a real server and a real worker, and all of it holds."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from codex.demo.people import DEMO, ensure_people
from codex.demo.story import importing
from core.scope import scope
from drafts.models import Draft
from tests.demo.running import running_codex
from tests.demo.stocking import QUIET_SHELVES
from workflows.models import Workflow

pytestmark = [
    pytest.mark.slow,
    pytest.mark.worker,
    pytest.mark.django_db(transaction=True, databases=["default", "staff"]),
]

ORDERS = """InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,85123A,WHITE GLASS LANTERN,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
536365,71053,CERAMIC TEA MUG,6,2010-12-01 08:26:00,3.39,17850.0,United Kingdom
536366,22633,WOOLLEN HAND WARMER,4,2010-12-02 08:28:00,1.85,17850.0,United Kingdom
C536367,22633,WOOLLEN HAND WARMER,-1,2010-12-03 09:00:00,1.85,17850.0,United Kingdom
536368,71053,CERAMIC TEA MUG,two,2010-12-03 09:10:00,3.39,17850.0,United Kingdom
"""


@pytest.fixture
def seeded(monkeypatch):
    # The other tests' memory is not the story's: what counts here is what it adds.
    before = importing.peak_megabytes()
    added = importing.peak_megabytes
    monkeypatch.setattr(importing, "peak_megabytes", lambda: added() - before)
    monkeypatch.setattr("codex.demo.shops.SHELVES", QUIET_SHELVES)
    for command in ("seed_templates", "seed_demo"):
        call_command(command, stdout=StringIO())


def play(url, **options) -> str:
    out = StringIO()
    call_command("play_story", url=url, stdout=out, **options)
    return out.getvalue()


def test_the_story_holds_twice_and_on_a_shop_of_ones_own(seeded, tmp_path):
    orders = tmp_path / "orders.csv"
    orders.write_text(ORDERS)
    with running_codex(tmp_path) as url:
        first, second = play(url), play(url)
        own = play(url, orders=orders)

    assert ("one click" in first, "one click" in second) == (True, False)
    for told in (first, second):
        assert "✗" not in told
        assert "every field is byte-equal to before the run" in told
        assert "nothing was written: 0 of" in told
    assert "5 rows read = 4 kept + 1 refused" in own
    with scope(tenant_id=DEMO):
        runs = Workflow.objects.order_by("created_at").values_list("status", flat=True)
        again = ["undone", "stopped_by_drift"]
        assert list(runs) == [*again, "succeeded", *again]
        assert set(Draft.objects.values_list("status", flat=True)) == {"converted"}


def test_without_a_server_it_says_so_and_fails():
    ensure_people()
    with pytest.raises(CommandError, match=r"No server answers at http://127\.0\.0\.1:9"):
        play("http://127.0.0.1:9")


def test_without_the_demos_people_it_says_so_and_fails():
    with pytest.raises(CommandError, match=r"Run manage\.py seed_demo first"):
        play("http://127.0.0.1:9")
