"""The story's terminal: lines that fit, and checks that end the story."""

import io

import pytest

from codex.demo.story.teller import StoryBroken, Teller, shorten


@pytest.fixture
def out(monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    return io.StringIO()


def test_chapters_are_numbered_and_facts_aligned(out):
    teller = Teller(out)
    teller.title("Codex")
    teller.chapter("Import")
    teller.fact("rows", "214 read")
    teller.chapter("Draft")
    assert out.getvalue() == ("Codex\n─────\n\n 1  Import\n    rows        214 read\n\n 2  Draft\n")


def test_a_long_fact_goes_on_beneath_itself(out):
    Teller(out).fact("effect", "Writes descriptions for 58 products that have none at all")
    assert out.getvalue() == (
        "    effect      Writes descriptions for 58 products that\n"
        "                have none at all\n"
    )


def test_a_table_gives_way_where_it_is_widest(out):
    Teller(out).table([("Robin mugs", "a" * 80)], head=("Product", "After"))
    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= 60
    assert lines[0].split() == ["Product", "After"]
    assert lines[1].endswith("…")


def test_a_check_that_holds_is_counted(out):
    teller = Teller(out)
    teller.check("two and two make four", True)
    assert (teller.checks, out.getvalue()) == (1, "    ✓ two and two make four\n")


def test_a_check_that_fails_ends_the_story_and_says_what_was_found(out):
    teller = Teller(out)
    with pytest.raises(StoryBroken, match="nothing was written: 3"):
        teller.check("nothing was written", False, 3)
    assert (teller.checks, out.getvalue()) == (0, "    ✗ nothing was written\n")


def test_no_colours_outside_a_terminal(out):
    teller = Teller(out)
    teller.title("Codex")
    teller.table([("a", "b")], head=("A", "B"))
    assert "\x1b" not in out.getvalue()


def test_plain_signs_where_the_stream_has_no_unicode(monkeypatch):
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    Teller(stream).check("2 → 3", True)
    assert raw.getvalue() == b"    ok 2 ? 3\n"


def test_shorten_puts_everything_on_one_line():
    assert shorten("a\n  b", 10) == "a b"
    assert shorten("abcdef", 4) == "abc…"
