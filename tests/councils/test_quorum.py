"""Seats and people, counted without a database."""

from itertools import permutations

import pytest

from councils.quorum import Place, is_complete, lacking, open_stage, open_to, seated


def place(name, holders, needed=1, stage=1):
    return Place(name, needed, stage, frozenset(holders))


A = place("a", "xy")
B = place("b", "yz")


@pytest.mark.parametrize(
    ("people", "complete"),
    [("", False), ("x", False), ("y", False), ("xy", True), ("yz", True), ("xz", True)],
)
def test_each_person_fills_one_place(people, complete):
    assert is_complete([A, B], list(people)) is complete


def test_somebody_with_two_seats_moves_to_the_one_that_is_missing():
    for order in permutations("xy"):
        assert seated([A, B], order) == {"x": "a", "y": "b"}


def test_a_seat_can_need_two():
    two = place("a", "xyz", needed=2)
    assert is_complete([two], ["x"]) is False
    assert is_complete([two], ["x", "z"]) is True


def test_no_seats_is_not_a_yes():
    assert is_complete([], ["x"]) is False


def test_a_stranger_fills_nothing():
    assert seated([A], ["q"]) == {}
    assert lacking([A, B], ["x", "q"]) == [B]


def test_stages_open_one_after_another():
    first, second = place("a", "x"), place("b", "y", stage=2)
    assert open_stage([first, second], []) == 1
    assert open_to([first, second], [], "y") is False
    assert open_to([first, second], ["x"], "y") is True
    assert open_stage([first, second], ["x", "y"]) is None


def test_a_filled_seat_is_open_to_nobody():
    assert open_to([A], ["x"], "y") is False
    assert open_to([A], ["x"], "x") is False
