"""Waits after wrong PINs: five free, then 15 s doubling; over restarts and clocks that jump."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk.attendant.lockout import (
    FIRST_S,
    FREE,
    LONGEST_S,
    MOST_IDS,
    left_s,
    rebased,
    right,
    wrong,
)

IDS = st.sampled_from(("1001", "2002", "0000"))
MOMENTS = st.floats(min_value=0, max_value=4e9, allow_nan=False)


def after(count, who="1001", now=1000.0):
    """So many wrong PINs, each as soon as it is allowed; and when the last was typed."""
    table = {}
    for _ in range(count):
        now += left_s(table, who, now)
        table = wrong(table, who, now)
    return table, now


def waits(most):
    return [left_s(*_at(count)) for count in range(1, most + 1)]


def _at(count):
    table, now = after(count)
    return table, "1001", now


def test_five_are_free_and_then_it_doubles_from_15_s():
    assert waits(9) == [0, 0, 0, 0, 15, 30, 60, 120, 240]


def test_it_ends_at_an_hour():
    assert max(waits(40)) == LONGEST_S


def test_a_wait_passes_with_the_clock():
    table, now = after(FREE)
    assert left_s(table, "1001", now + 5) == FIRST_S - 5
    assert left_s(table, "1001", now + FIRST_S) == 0


def test_a_right_pin_frees_all_tries():
    table, now = after(FREE + 3)
    assert left_s(right(table, "1001"), "1001", now) == 0


def test_one_attendant_does_not_wait_for_another():
    table, now = after(FREE + 3)
    assert left_s(table, "2002", now) == 0


def test_a_try_during_the_wait_does_not_count():
    table, now = after(FREE)
    assert wrong(table, "1001", now + 1) == table


def test_a_clock_that_was_years_ahead_locks_nobody_out_for_years():
    table, _ = after(FREE, now=4e9)
    today = 1.8e9
    table = rebased(table, today)
    assert left_s(table, "1001", today) == FIRST_S
    table = rebased(table, today + FIRST_S - 1)
    assert left_s(table, "1001", today + FIRST_S - 1) == 1
    table = rebased(table, today + FIRST_S)
    assert left_s(table, "1001", today + FIRST_S) == 0


def test_strange_ids_fill_no_disk_and_the_newest_is_kept():
    table = {}
    for number in range(MOST_IDS + 50):
        table = wrong(table, f"{number:05}", 1000.0 + number)
    assert len(table) == MOST_IDS
    assert f"{MOST_IDS + 49:05}" in table


def test_strange_ids_push_out_no_id_that_somebody_has():
    table, now = after(FREE)
    for number in range(MOST_IDS + 50):
        table = wrong(table, f"{number:05}", now + 1 + number, ("1001",))
    assert len(table) == MOST_IDS
    assert table["1001"].wrong == FREE


@given(st.lists(st.tuples(IDS, st.booleans(), MOMENTS), max_size=60), IDS, MOMENTS)
def test_no_wait_is_longer_than_its_own_whatever_the_clock_does(tries, who, now):
    table = {}
    for each, fits, at in tries:
        table = rebased(table, at)
        table = right(table, each) if fits else wrong(table, each, at)
    left = left_s(rebased(table, now), who, now)
    assert 0 <= left <= (table[who].wait_s if who in table else 0)


@given(st.integers(min_value=0, max_value=60))
def test_whoever_guesses_all_day_has_few_tries(count):
    """An hour a try at the end: a million PINs take a century."""
    _, now = after(count)
    assert now - 1000.0 >= max(0, count - FREE - 8) * LONGEST_S
