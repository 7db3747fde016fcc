"""A form from a model: what it shows, reads, refuses, and that nothing is lost on the way."""

import json
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal

import pytest
from django.http import QueryDict
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from core.errors import Invalid
from core.schema_forms import SchemaForm
from tests.core.browser_form import Sent


class Length(Enum):
    SHORT = "short"
    LONG = "long"


class Guard(BaseModel):
    floor: Decimal = Field(Decimal("25"), ge=0, le=90, json_schema_extra={"unit": "%"})
    strict: bool = True


class Inputs(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, title="Name of it", description="Shown in lists.")
    note: str = Field("", json_schema_extra={"widget": "textarea"})
    nick: str | None = None
    posts: int = Field(3, ge=1, le=5000, json_schema_extra={"unit": "posts"})
    limit: int | None = 7
    step: float = Field(10, gt=0, le=25)
    floor: Decimal = Field(Decimal("2.50"), ge=0, json_schema_extra={"unit": "currency"})
    on: bool = False
    maybe: bool | None = None
    length: Length = Length.SHORT
    tone: Literal["plain", "warm", "playful", "premium", "persuasive"] | None = None
    odd: Literal["", "=1", 1, "1", True] = "1"
    platforms: list[Literal["instagram", "facebook", "pinterest"]] = ["facebook"]
    tags: list[str] = Field(default_factory=list, max_length=20)
    sizes: list[int] = Field(default_factory=list)
    prices: list[Decimal] | None = None
    days: list[date] = Field(default_factory=list)
    day: date | None = None
    at: AwareDatetime | None = None
    clock: time | None = None
    ids: list[str] = Field(default_factory=list, json_schema_extra={"widget": "products"})
    guard: Guard = Field(default_factory=Guard)
    spare: Guard | None = Field(None, json_schema_extra={"more": True})
    free: dict[str, Any] = Field(default_factory=dict, json_schema_extra={"group": "For experts"})
    either: int | str = 1
    pair: tuple[int, str] = (1, "a")


def posted(form: SchemaForm, **changes: Any) -> QueryDict:
    """The form as a browser sends it, with some fields changed by hand."""
    data = QueryDict(mutable=True)
    for name, values in Sent.of(str(form)).items():
        data.setlist(name, values)
    for path, value in changes.items():
        data.setlist(
            f"inputs.{path.replace('__', '.')}", value if isinstance(value, list) else [value]
        )
    return data


def through_browser(inputs: dict[str, Any]) -> dict[str, Any]:
    form = SchemaForm(Inputs, initial=inputs)
    return SchemaForm(Inputs, data=posted(form), initial=inputs).to_inputs()


text = st.text(max_size=40)
decimals = st.decimals(
    allow_nan=False, allow_infinity=False, min_value=0, max_value=10**9, places=2
)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=6,
)
guards = st.builds(Guard, floor=decimals.filter(lambda d: d <= 90), strict=st.booleans())
moments = st.datetimes(
    min_value=datetime(1900, 1, 1),  # noqa: DTZ001 -- hypothesis adds the zone
    max_value=datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=st.timezones(),
)
accepted = st.builds(
    Inputs,
    name=text.filter(bool),
    note=text,
    nick=st.none() | text,
    posts=st.integers(1, 5000),
    limit=st.none() | st.integers(),
    step=st.floats(0, 25, exclude_min=True),
    floor=decimals,
    on=st.booleans(),
    maybe=st.none() | st.booleans(),
    length=st.sampled_from(Length),
    tone=st.sampled_from([None, "plain", "warm", "playful", "premium", "persuasive"]),
    odd=st.sampled_from(["", "=1", 1, "1", True]),
    platforms=st.lists(st.sampled_from(["instagram", "facebook", "pinterest"]), max_size=5),
    tags=st.lists(text, max_size=5),
    sizes=st.lists(st.integers(), max_size=5),
    prices=st.none() | st.lists(decimals, max_size=3),
    days=st.lists(st.dates(), max_size=3),
    day=st.none() | st.dates(),
    at=st.none() | moments,
    clock=st.none() | st.times(),
    ids=st.lists(text, max_size=3),
    guard=guards,
    spare=st.none() | guards,
    free=st.dictionaries(text, json_values, max_size=3),
    either=st.integers() | text,
    pair=st.tuples(st.integers(), text),
)


@pytest.mark.parametrize(
    ("language", "zone"), [("en-gb", "UTC"), ("de", "Europe/London"), ("de", "Asia/Kolkata")]
)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(value=accepted)
def test_whatever_the_model_accepts_comes_back_from_the_browser(value, language, zone):
    inputs = value.model_dump(mode="json")

    with translation.override(language), timezone.override(zone):
        back = through_browser(inputs)

    assert Inputs.model_validate_json(json.dumps(back)) == Inputs.model_validate_json(
        json.dumps(inputs)
    )


@settings(max_examples=100, deadline=None)
@given(inputs=st.dictionaries(st.sampled_from(list(Inputs.model_fields)), json_values, max_size=6))
def test_a_draft_that_is_wrong_or_incomplete_is_not_changed_by_saving_it(inputs):
    once = through_browser(inputs)

    assert through_browser(once) == once
    assert _verdict(once) == _verdict(inputs) or _verdict(inputs) is not None


def _verdict(inputs: dict[str, Any]) -> str | None:
    try:
        Inputs.model_validate_json(json.dumps(inputs))
    except (ValidationError, ValueError) as error:
        return type(error).__name__
    return None


def test_defaults_stand_in_a_new_form_and_are_sent():
    sent = SchemaForm(Inputs, data=posted(SchemaForm(Inputs), name="A name")).to_inputs()

    assert Inputs.model_validate(sent) == Inputs(name="A name")


def test_order_of_ticked_boxes_is_kept_and_new_ones_follow():
    form = SchemaForm(Inputs, initial={"platforms": ["pinterest", "facebook"]})
    data = posted(form)
    assert SchemaForm(Inputs, data=data).to_inputs()["platforms"] == ["pinterest", "facebook"]

    data.appendlist("inputs.platforms", "instagram")

    assert SchemaForm(Inputs, data=data).to_inputs()["platforms"] == [
        "pinterest",
        "facebook",
        "instagram",
    ]


@pytest.mark.parametrize(
    ("path", "typed", "said"),
    [
        ("name", "", "This is needed."),
        ("posts", "many", "Write a whole number."),
        ("posts", "2.5", "Write a whole number."),
        ("posts", "0", "At least 1."),
        ("step", "40", "At most 25."),
        ("floor", "-1", "At least 0."),
        ("day", "23.11.", "Write a date as year-month-day, like 2026-11-23."),
        ("at", "noon", "Write a date and time, like 2026-11-23T18:30."),
        ("clock", "late", "Write a time as hours and minutes, like 18:30."),
        ("sizes", "1\r\ntwo", "Line 2: Write a whole number."),
        ("tags", "\r\n".join("abcdefghijklmnopqrstu"), "Choose at most 20."),
        ("guard.floor", "95", "At most 90."),
        ("length", "huge", "Choose one of those offered: 'short' or 'long'."),
        ("platforms", ["", "myspace"], None),
        ("free", '{"a": 1,}', None),
    ],
)
def test_errors_stand_at_their_field_and_the_typed_text_stays(path, typed, said):
    data = posted(
        SchemaForm(Inputs, initial={"name": "A name"}), **{path.replace(".", "__"): typed}
    )

    form = SchemaForm(Inputs, data=data)

    assert list(form.errors) == [path]
    assert said is None or form.errors[path] == [said]
    assert not form.is_valid()
    again = Sent.of(str(form))[f"inputs.{path}"]
    assert [one for one in again if one] == [t for t in _many(typed) if t]


def _many(typed: object) -> list[str]:
    return typed if isinstance(typed, list) else [str(typed)]


def test_text_that_cannot_be_read_stays_in_the_inputs_and_is_shown_again():
    data = posted(SchemaForm(Inputs, initial={"name": "A name"}), posts="many")
    saved = SchemaForm(Inputs, data=data).to_inputs()

    assert saved["posts"] == "many"
    assert 'value="many"' in str(SchemaForm(Inputs, initial=saved))


def test_broken_json_says_where_it_breaks():
    data = posted(SchemaForm(Inputs, initial={"name": "A name"}), free='{"max_step": 40,}')

    (said,) = SchemaForm(Inputs, data=data).errors["free"]

    assert said.startswith("Line 1, column 1")


def test_what_a_service_refused_stands_beside_its_field():
    form = SchemaForm(Inputs, data=posted(SchemaForm(Inputs, initial={"name": "A name"})))
    assert form.is_valid()

    form.add_errors(
        Invalid(
            {
                "inputs.ids.2": ["No such product."],
                "inputs.guard.floor": ["Too low."],
                "inputs": ["These do not go together."],
                "name": ["Of the draft, not of its inputs."],
            }
        ).fields
    )

    assert form.errors == {
        "ids": ["Entry 3: No such product."],
        "guard.floor": ["Too low."],
        "": ["These do not go together."],
    }
    html = str(form)
    assert 'id="f-inputs-guard-floor-error"' in html
    assert "These do not go together." in html


def test_saved_inputs_are_judged_by_what_is_there_not_by_what_is_missing():
    form = SchemaForm(Inputs, initial={"posts": 0, "tags": [], "step": "fast"}, judge=True)

    assert form.errors == {"posts": ["At least 1."], "step": ["Write a number."]}
    assert "need you" not in str(form)
    assert SchemaForm(Inputs, initial={"posts": 0}).errors == {}


def test_errors_alone_name_every_field_so_that_mended_ones_are_cleared():
    html = str(SchemaForm(Inputs, initial={"posts": 0}, judge=True).errors_alone)

    assert html.count('hx-swap-oob="true"') == len(SchemaForm(Inputs).every_field)
    assert html.count('class="error"') == 1
    assert 'id="f-inputs-guard-floor-error"' in html


def test_a_rule_over_several_fields_is_said_above_the_form():
    class Between(BaseModel):
        low: int = 1
        high: int = 2

        @model_validator(mode="after")
        def in_order(self):
            if self.low > self.high:
                raise ValueError("The lower is above the higher.")
            return self

    form = SchemaForm(Between, data={"inputs.low": "5", "inputs.high": "2"})

    assert form.non_field_errors == ["The lower is above the higher."]


def test_fields_the_form_does_not_carry_keep_their_value():
    initial = {"name": "A name", "posts": 12, "guard": {"floor": "30"}}

    sent = SchemaForm(Inputs, data={"inputs.name": "Another"}, initial=initial).to_inputs()

    assert sent == {"name": "Another", "posts": 12, "guard": {"floor": "30"}}


def test_unknown_inputs_are_kept_where_the_model_allows_them_and_dropped_otherwise():
    class Open(BaseModel):
        model_config = ConfigDict(extra="allow")
        a: int = 1

    assert SchemaForm(Open, data={"inputs.a": "2"}, initial={"b": 3}).to_inputs() == {
        "a": 2,
        "b": 3,
    }
    assert SchemaForm(Guard, data={"inputs.floor": "2"}, initial={"b": 3}).to_inputs() == {
        "floor": "2"
    }


@pytest.mark.parametrize(
    ("language", "typed", "meant"),
    [
        ("en-gb", "1,180.50", "1180.50"),
        ("en-gb", " 12 ", "12"),
        ("de", "1.180,50", "1180.50"),
        ("de", "2,5", "2.5"),
        ("de", "2.5", "2.5"),
        ("en-gb", "−3", "-3"),
    ],
)
def test_numbers_are_read_as_the_reader_writes_them(language, typed, meant):
    with translation.override(language):
        sent = SchemaForm(Inputs, data={"inputs.floor": typed}).to_inputs()

    assert sent == {"floor": meant}


def test_labels_help_limits_and_errors_are_tied_to_the_control():
    html = str(SchemaForm(Inputs, data=posted(SchemaForm(Inputs), posts="0")))

    assert '<label for="f-inputs-name">Name of it' in html
    assert 'aria-describedby="f-inputs-name-hint f-inputs-name-error"' in html
    assert 'aria-invalid="true"' in html
    assert "1 to 5000 posts." in html
    assert '<a href="#f-inputs-posts">Posts</a>' in html


def test_a_folded_group_opens_when_something_in_it_needs_the_reader():
    folded = str(SchemaForm(Inputs, initial={"name": "A"}))
    opened = str(SchemaForm(Inputs, initial={"name": "A", "free": {"a": 1}}))

    assert '<details class="more"><summary>For experts' in folded
    assert '<details class="more" open><summary>For experts' in opened


def test_what_is_typed_is_escaped():
    html = str(SchemaForm(Inputs, initial={"name": '"><script>alert(1)</script>'}))

    assert "<script>" not in html


def test_read_only_says_values_in_words():
    form = SchemaForm(
        Inputs,
        initial={"name": "A <b>", "platforms": ["pinterest"], "day": "2026-11-23", "on": True},
        currency="GBP",
        product_names=lambda ids: {"p1": "Robin mugs"},
    )

    html = form.read_only

    assert "A &lt;b&gt;" in html
    assert '<span class="tag">Pinterest</span>' in html
    assert "23 Nov 2026" in html
    assert "£2.50" in html
    assert "<input" not in html


def test_labels_come_from_the_model_and_pass_through_translation():
    class Labelled(BaseModel):
        size: Annotated[str, Field(title="Size")] = "m"
        how: Literal["fast", "slow_and_sure"] = Field(
            "fast", json_schema_extra={"labels": {"fast": "At once"}}
        )

    html = str(SchemaForm(Labelled))

    assert "<span>At once</span>" in html
    assert "<span>Slow and sure</span>" in html
