# ruff: noqa: F811 -- fixtures of the drafts are used here by importing them
"""The one box finds what its reader may see, and nothing else."""

import pytest
from django.urls import reverse

from stores.models import Product
from tests.drafts.conftest import begin, raise_prices, shop  # noqa: F401 -- fixtures


def found(client, text: str) -> str:
    return client.get(reverse("search"), {"q": text}).content.decode()


@pytest.mark.parametrize(
    ("who", "sees"), [("eddie", True), ("olivia", True), ("bob", False), ("vera", False)]
)
def test_a_draft_is_found_by_those_who_may_see_it(cast, shop, who, sees):
    begin(cast, name="Advent calendar round")

    html = found(cast.client(who), "calendar advent")

    assert ("Advent calendar round" in html) is sees
    assert ("Nothing found" in html) is not sees


def test_another_shop_finds_nothing(cast, shop):
    begin(cast, name="Advent calendar round")

    assert "Advent calendar round" not in found(cast.client("stranger"), "Advent")
    assert "Advent calendar round" not in found(cast.client("guest"), "Advent")


def test_products_are_found_and_lead_to_their_page(cast, shop):
    some = Product.objects.order_by("title").first()

    html = found(cast.client("vera"), some.title)

    assert reverse("stores:product", args=[some.pk]) in html
    assert "Nothing found" in found(cast.client("stranger"), some.title)


def test_what_was_asked_is_escaped(cast):
    assert "<script>alert" not in found(cast.client("eddie"), "<script>alert(1)</script>")
