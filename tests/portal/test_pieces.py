"""Words, times and differences as templates say them."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.template import Context, Template
from django.template.engine import Engine
from django.utils import timezone, translation
from django_cotton.compiler_regex import CottonCompiler

from core.templatetags import codex
from core.textdiff import word_diff
from core.words import state_line

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def rendered(source: str, **context: object) -> str:
    template = Template(CottonCompiler().process(source), engine=Engine.get_default())
    return template.render(Context(context)).strip()


def test_words_that_changed_are_marked_and_escaped():
    html = codex.textdiff("now £24.00 for <b>the</b> set", "now £22.50 for <b>the</b> set of four")

    assert html == (
        "now <del>£24.00</del><ins>£22.50</ins> for &lt;b&gt;the&lt;/b&gt; set<ins> of four</ins>"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [("", ""), ("", "all new"), ("all gone", ""), ("a b c", "a b c"), ("a " * 5000, "b " * 5000)],
)
def test_a_difference_loses_no_text(before, after):
    pieces = list(word_diff(before, after))

    assert "".join(text for kind, text in pieces if kind != "new") == before
    assert "".join(text for kind, text in pieces if kind != "gone") == after


@pytest.mark.parametrize(
    ("draft", "run", "marks", "label"),
    [
        ("editing", "", ["now", "next", "next", "next", "next"], "Draft"),
        ("pending_review", "", ["done", "now", "next", "next", "next"], "In review"),
        ("rejected", "", ["done", "stopped", "next", "next", "next"], "Rejected"),
        ("converted", "pending", ["done", "done", "done", "now", "next"], "Running"),
        ("converted", "stopped_by_drift", ["done"] * 3 + ["stopped", "next"], "Stopped by drift"),
        ("converted", "succeeded", ["done"] * 4 + ["now"], "Done"),
        ("converted", "undone", ["done"] * 4 + ["now"], "Undone"),
    ],
)
def test_the_state_line_says_where_it_is(draft, run, marks, label):
    line = state_line(draft, run)

    assert [step.state for step in line] == marks
    assert next(step.label for step in line if step.state in ("now", "stopped")) == label


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(
    ("at", "short"),
    [
        (NOW - timedelta(hours=2), "10:00"),
        (NOW - timedelta(days=1), "Sun 12:00"),
        (NOW - timedelta(days=30), "24 Oct"),
        (NOW - timedelta(days=400), "19 Oct 2025"),
        (NOW + timedelta(days=1), "Tue 12:00"),
    ],
)
def test_times_are_as_short_as_they_are_clear(at, short):
    with timezone.override("UTC"):
        assert codex.shorttime(at) == short


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(
    ("waited", "said"),
    [({"minutes": 40}, "40 min"), ({"hours": 22}, "22 h"), ({"days": 3}, "3 d"), ({}, "0 min")],
)
def test_waiting_is_said_in_one_unit(waited, said):
    assert codex.ago(NOW - timedelta(**waited)) == said


@time_machine.travel(NOW, tick=False)
def test_what_is_left_is_said_in_hours_and_then_in_days():
    assert codex.left(NOW + timedelta(hours=5, minutes=10)) == "5 h left"
    assert codex.left(NOW + timedelta(days=3)) == "3 days left"
    assert codex.left(NOW - timedelta(days=3)) == "0 h left"


def test_money_follows_the_language():
    assert codex.money(1180, "GBP") == "£1,180.00"
    with translation.override("de"):
        assert codex.money("1180.5", "EUR") == "1.180,50\xa0€"
    assert codex.money(None, "GBP") == ""


def test_a_badge_says_its_state_in_words():
    assert rendered('<c-badge status="pending_review" />') == (
        '<span class="badge" data-status="pending_review">In review</span>'
    )


def test_what_a_tenant_typed_is_escaped_in_a_component():
    html = rendered('<c-diffrow :label="name" field="Name" />', name="<script>1</script>")

    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_figures_in_attributes_are_for_machines_in_every_language():
    with translation.override("de"):
        assert 'value="12500" max="50000"' in rendered(
            '<c-progress :done="done" :total="total" />', done=12500, total=50000
        )
