"""Descriptions for the products that lack one, and for no other."""

import pytest

from core.errors import Invalid
from tests.stores.factories import make_product, make_variant
from tests.workflows.types.shops import changes, plan_for, table, warned
from workflows.text.markup import count_words, faults, visible_text

TYPE = "content.product_descriptions"
GOOD = (
    "<p>" + "A mug that holds a good half pint of tea and stands well on any table. " * 2 + "</p>"
)
pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(in_tenant):
    make_product(in_tenant, title="RED ENAMEL LANTERN", id="product_1")
    make_product(in_tenant, title="Blue mug", description_html="<p>Blue mug</p>", id="product_2")
    make_product(in_tenant, title="Green mug", description_html=GOOD, id="product_3")
    make_product(in_tenant, title="Black vase", status="archived", id="product_4")
    make_product(in_tenant, title="CAPIZ", id="product_5")
    return in_tenant


def test_missing_and_thin_ones_are_written_and_the_rest_is_said(shop, cast):
    plan = plan_for(cast, TYPE)

    rows = changes(plan)
    assert [(label, field, before) for label, field, before, _ in rows] == [
        ("RED ENAMEL LANTERN", "description_html", ""),
        ("Blue mug", "description_html", "<p>Blue mug</p>"),
    ]
    for *_, after in rows:
        assert faults(after) == []
        assert 45 <= count_words(after) <= 90
    assert plan.summary["effect"] == (
        "Writes 2 descriptions, medium and persuasive: 1 had none, 1 were thin."
    )
    assert warned(plan) == {"too_few_facts": ["CAPIZ"]}
    assert [row[0] for row in table(plan, "descriptions.csv")] == ["RED ENAMEL LANTERN", "Blue mug"]


@pytest.mark.parametrize(
    ("inputs", "titles"),
    [
        ({"overwrite": "missing"}, ["RED ENAMEL LANTERN"]),
        ({"overwrite": "all"}, ["RED ENAMEL LANTERN", "Blue mug", "Green mug"]),
        ({"product_ids": ["product_2"]}, ["Blue mug"]),
        ({"thin_below_words": 2}, ["RED ENAMEL LANTERN"]),
        ({"max_items": 1}, ["RED ENAMEL LANTERN"]),
    ],
)
def test_who_gets_one(shop, cast, inputs, titles):
    assert [row[0] for row in changes(plan_for(cast, TYPE, **inputs))] == titles


def test_the_same_draft_writes_the_same_and_another_does_not(shop, cast):
    first, again = plan_for(cast, TYPE), plan_for(cast, TYPE)
    other = plan_for(cast, TYPE, seed="draft_other")
    assert changes(first) == changes(again)
    assert first.fingerprint == again.fingerprint
    assert changes(first) != changes(other)


def test_options_and_copy_blocks_are_said(shop, cast):
    product = make_product(shop, title="Linen scarf", id="product_6")
    for place, size in enumerate(("Short", "Long")):
        make_variant(product, position=place, options=[{"name": "Length", "value": size}])
    block = "Wrapped in paper & tied by hand."

    plan = plan_for(cast, TYPE, product_ids=["product_6"], copy_blocks=[block])

    spoken = visible_text(changes(plan)[0][3])
    assert "Length: Short or Long" in spoken
    assert spoken.endswith(block)


def test_keywords_without_proof_are_warned_about(shop, cast):
    plan = plan_for(cast, TYPE, target_keywords=["organic lantern"])
    assert warned(plan)["keyword"] == []
    assert "organic" not in changes(plan)[0][3]


@pytest.mark.parametrize(
    ("inputs", "field"),
    [
        ({"product_ids": ["product_4"]}, "product_ids"),
        ({"product_ids": ["nobody"]}, "product_ids"),
        ({"tone": "rude"}, "tone"),
        ({"length": "epic"}, "length"),
        ({"target_keywords": ["x"]}, "target_keywords.0"),
    ],
)
def test_wrong_inputs_are_refused_at_their_field(shop, cast, inputs, field):
    with pytest.raises(Invalid) as refused:
        plan_for(cast, TYPE, **inputs)
    assert list(refused.value.fields) == [f"inputs.{field}"]
