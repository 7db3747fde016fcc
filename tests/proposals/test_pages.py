"""The pages: what is on them, that numbers lead to their rows, that words stay words."""

import re

import pytest
from django.utils.html import escape

from proposals.charts import draw
from proposals.models import Proposal
from proposals.services import dismiss_proposal, propose_for_tenant, snooze_proposal
from proposals.showing import figure
from proposals.templatetags.proposals import linked
from tests.proposals.conftest import DESCRIPTIONS, in_shop, post

HOME = "/portal/workflows/proposals"


def page(cast, who, url=HOME, status=200):
    response = cast.client(who).get(url)
    assert response.status_code == status
    return response.content.decode()


def test_the_dashboard_shows_each_card_with_its_reasons(shop):
    first, second = propose_for_tenant(tenant_id=shop.tenant.pk).proposals
    html = page(shop, "eddie")
    for found in (first, second):
        assert escape(found.title) in html
        assert f'action="{HOME}/{found.pk}/accept"' in html
        assert f'href="{HOME}/{found.pk}/dismiss"' in html
    assert "No outcome measured yet" in html
    assert html.count('data-kind="primary"') == 1


def test_a_viewer_sees_and_is_offered_nothing_to_press(shop, proposal):
    html = page(shop, "vera")
    assert proposal.title in html
    assert "/accept" not in html
    assert "/dismiss" not in html


def test_nothing_found_yet_says_what_will_come(cast):
    assert "look at the shop every night" in page(cast, "vera")


@pytest.mark.parametrize("tab", ["", "/muted", "/history", "/record"])
def test_every_tab_opens_for_members_and_for_nobody_else(shop, proposal, tab):
    page(shop, "vera", HOME + tab)
    page(shop, "guest", HOME + tab, status=403)


def test_the_muted_list_says_who_why_and_until_when(shop, proposal):
    with in_shop(shop):
        dismiss_proposal(
            proposal_id=proposal.pk,
            actor=shop.actor("eddie"),
            reason_code="not_worth_it",
            reason="<b>later</b>",
        )
    html = page(shop, "eddie", f"{HOME}/muted")
    assert "Dismissed by Eddie" in html
    assert "Not worth the effort" in html
    assert "&lt;b&gt;later&lt;/b&gt;" in html
    assert "Comes back if it passes 60% (was 40%)." in html
    assert f'action="{HOME}/{proposal.pk}/restore"' in html


def test_a_snoozed_one_is_listed_with_its_day(shop, proposal):
    with in_shop(shop):
        snoozed = snooze_proposal(proposal_id=proposal.pk, actor=shop.actor("eddie"), days=7)
    html = page(shop, "vera", f"{HOME}/muted")
    assert f"Snoozed until {snoozed.snoozed_until:%-d %B}." in html


def test_every_number_of_a_reason_leads_to_the_rows(shop, proposal):
    html = page(shop, "vera", f"{HOME}/{proposal.pk}")
    assert '<a href="#rows">4</a> of <a href="#rows">10</a> active products' in html
    rows = html.split('id="rows"')[1].split("</table>")[0]
    assert len(re.findall(r'<th scope="row">', rows)) == 4


def test_it_can_be_run_again_from_its_page(shop, proposal):
    html = page(shop, "vera", f"{HOME}/{proposal.pk}?replay=1")
    assert "the same finding, number for number" in html


def test_what_a_shop_calls_its_things_is_text(shop, proposal):
    with in_shop(shop):
        Proposal.objects.filter(pk=proposal.pk).update(
            title="<script>alert(1)</script>", reasoning="7 <img src=x>"
        )
    for url in (HOME, f"{HOME}/{proposal.pk}", f"{HOME}/{proposal.pk}/dismiss"):
        html = page(shop, "eddie", url)
        assert "<script>alert(1)</script>" not in html
        assert "<img src=x>" not in html


def test_dismissing_without_a_reason_says_so_and_keeps_it_open(shop, proposal):
    client = shop.client("eddie")
    response = client.post(f"{HOME}/{proposal.pk}/dismiss", {"reason_code": "other", "reason": " "})
    assert response.status_code == 422
    assert "Say why in a few words." in response.content.decode()
    with in_shop(shop):
        assert Proposal.objects.get(pk=proposal.pk).status == "pending"


def test_accept_leads_into_the_draft(shop, proposal):
    response = shop.client("eddie").post(f"{HOME}/{proposal.pk}/accept")
    with in_shop(shop):
        draft_id = Proposal.objects.get(pk=proposal.pk).created_draft_id
    assert response["Location"] == f"/portal/workflows/drafts/{draft_id}"


def test_get_decides_nothing(shop, proposal):
    client = shop.client("eddie")
    assert client.get(f"{HOME}/{proposal.pk}/accept").status_code == 405
    assert client.get(f"{HOME}/{proposal.pk}/restore").status_code == 405
    assert client.get(f"{HOME}/{proposal.pk}/dismiss").status_code == 200
    with in_shop(shop):
        assert Proposal.objects.get(pk=proposal.pk).status == "pending"


def test_the_menu_counts_what_is_open(shop, proposal):
    assert '<span class="count">1<span class="visually-hidden"> open' in page(shop, "vera")


def test_the_same_number_of_queries_for_one_and_for_two(shop, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    propose_for_tenant(tenant_id=shop.tenant.pk, detector=DESCRIPTIONS)
    client = shop.client("vera")
    client.get(HOME)
    with CaptureQueriesContext(connection) as one:
        client.get(HOME)
    with in_shop(shop):
        post(shop.tenant, "facebook")
    propose_for_tenant(tenant_id=shop.tenant.pk)
    with CaptureQueriesContext(connection) as two:
        client.get(HOME)
    assert len(two) == len(one)


def test_numbers_are_linked_and_the_rest_is_escaped():
    assert (
        linked("£1,180 of 31% <b> in 5-day 2.5 times", "#rows")
        == '<a href="#rows">£1,180</a> of <a href="#rows">31%</a> &lt;b&gt; in'
        ' <a href="#rows">5</a>-day <a href="#rows">2.5</a> times'
    )


def test_a_chart_fills_its_box():
    drawing = draw(
        {"finding": "f", "name": "n", "labels": ["2026-11-01", "b"], "values": [0, 10]}, figure
    )
    assert drawing.line == "M0.00 100.00 L100.00 0.00"
    assert drawing.dot == "M100.00 0.00h0"
    assert drawing.table == (("1 Nov", "0", ""), ("b", "10", ""))
    assert draw(None, figure) is None


def test_bars_stand_on_zero():
    drawing = draw(
        {"finding": "f", "name": "n", "kind": "bars", "labels": ["a", "b"], "values": [5, 10]},
        figure,
    )
    assert [(bar.y, bar.height) for bar in drawing.bars] == [("50.00", "50.00"), ("0.00", "100.00")]
    assert drawing.line == ""
