"""Voucher numbers and query codes: their form, and the mistakes they show."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulation.vouchers import (
    ALPHABET,
    check_character,
    is_voucher_number,
    query_code,
    voucher_number,
)

DAY = date(2026, 11, 23)
NUMBER = voucher_number("0017", DAY, 42)


def test_the_check_character_is_of_iso_7064_mod_37_36():
    # the published example of the Global Release Identifier: A1-2425G-ABC1234002-M
    assert check_character("A1-2425G-ABC1234002") == "M"


def test_a_number_has_kiosk_day_and_sequence_1_1_2_2():
    assert NUMBER.startswith("CQ-0017-20261123-0042-")
    assert is_voucher_number(NUMBER)


@pytest.mark.parametrize(
    "text",
    [
        "",
        NUMBER[:-1],
        NUMBER.lower(),
        NUMBER + "\n",
        NUMBER.replace("-", ""),
        "CQ-0017-20261323-0042-" + check_character("CQ-0017-20261323-0042"),
        "CQ-0017-20261123-0000-" + check_character("CQ-0017-20261123-0000"),
        "CQ-0017-00000101-0001-" + check_character("CQ-0017-00000101-0001"),
    ],
)
def test_other_texts_are_no_numbers_1_1_2_2(text):
    assert not is_voucher_number(text)


numbers = st.builds(
    voucher_number,
    st.text(ALPHABET, min_size=4, max_size=4),
    st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    st.integers(1, 9999),
)


@given(numbers, st.data())
def test_every_single_substitution_is_caught_1_1_2_2(number, data):
    places = [place for place, character in enumerate(number) if character != "-"]
    place, wrong = data.draw(st.sampled_from(places)), data.draw(st.sampled_from(ALPHABET))
    assert is_voucher_number(number)
    if number[place] != wrong:
        assert not is_voucher_number(number[:place] + wrong + number[place + 1 :])


@given(numbers, st.data())
def test_the_check_alone_catches_single_substitutions_1_1_2_2(number, data):
    body, check = number[:-2], number[-1]
    place = data.draw(st.sampled_from([i for i, char in enumerate(body) if char != "-"]))
    wrong = data.draw(st.sampled_from(ALPHABET))
    if body[place] != wrong:
        assert check_character(body[:place] + wrong + body[place + 1 :]) != check


@pytest.mark.parametrize(
    ("kiosk", "sequence"), [("17", 1), ("00a7", 1), ("0017", 0), ("0017", 10000)]
)
def test_a_number_that_does_not_fit_is_a_mistake(kiosk, sequence):
    with pytest.raises(ValueError, match="kiosk"):
        voucher_number(kiosk, DAY, sequence)


def test_a_query_code_is_short_and_checked():
    code = query_code("3f2a91bc-0000-4000-8000-000000000000")
    assert code[:9] == "3F2A-91BC"
    assert code[-1] == check_character("3F2A91BC")
