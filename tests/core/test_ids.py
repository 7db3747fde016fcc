import time

from core.ids import ALPHABET, LENGTH, new_id


def test_an_id_has_its_prefix_and_26_characters():
    prefix, _, rest = new_id("draft").partition("_")

    assert prefix == "draft"
    assert len(rest) == LENGTH
    assert set(rest) <= set(ALPHABET)


def test_ids_sort_by_time():
    first = new_id("draft")
    time.sleep(0.002)

    assert first < new_id("draft")


def test_ten_thousand_ids_differ():
    assert len({new_id("x") for _ in range(10_000)}) == 10_000
