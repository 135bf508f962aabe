"""Citizens by their numbers: GB 11643, ages, validity, telephones."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulation.people import (
    IdNumber,
    Sex,
    age_on,
    check_character,
    check_id_number,
    check_phone,
    check_valid_until,
    counts_as_adult,
    counts_as_minor,
    is_minor,
    is_mobile,
    is_valid_on,
)
from regulation.problem import Problem, ProblemKind

TODAY = date(2026, 11, 23)
SPECIMEN = "11010519491231002X"  # the specimen of GB 11643
SYNTHETIC = [
    "50010319490315001X",
    "500103200002290021",
    "500103201011230033",
    "500103200811240040",
    "810000199001010019",
    "820000199001010010",
    "830000199001010012",
    "50010319850612019X",
    "810000199408230021",
]


@st.composite
def numbers(draw):
    """Possible numbers, built from their parts."""
    region = draw(st.from_regex(r"[1-8][0-9]{5}", fullmatch=True))
    birth = draw(st.dates(date(1900, 1, 1), TODAY))
    body = f"{region}{birth:%Y%m%d}{draw(st.integers(0, 999)):03}"
    return body + check_character(body)


def problem(text, today=TODAY):
    found = check_id_number(text, today)
    assert isinstance(found, Problem), text
    return found.kind


@pytest.mark.parametrize("number", [SPECIMEN, *SYNTHETIC])
def test_possible_numbers_are_accepted_1_1_1(number):
    found = check_id_number(number, TODAY)
    assert isinstance(found, IdNumber)
    assert found.number == number
    assert f"{found.birth:%Y%m%d}" == number[6:14]


def test_the_specimen_is_of_a_woman_born_in_1949_1_1_1():
    assert check_id_number(SPECIMEN, TODAY) == IdNumber(SPECIMEN, date(1949, 12, 31), Sex.FEMALE)


def test_a_lower_case_x_and_outer_spaces_are_normalised_1_1_1():
    assert check_id_number(f" {SPECIMEN.lower()} ", TODAY) == check_id_number(SPECIMEN, TODAY)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", ProblemKind.EMPTY),
        ("   ", ProblemKind.EMPTY),
        ("110105491231002", ProblemKind.FIFTEEN_DIGITS),
        ("1101051949123100", ProblemKind.LENGTH),
        ("11010519491231002X0", ProblemKind.LENGTH),
        ("1101051949123100XX", ProblemKind.CHARACTERS),
        ("１１０１０５１９４９１２３１００２X", ProblemKind.CHARACTERS),
        ("11010519491331002X", ProblemKind.BIRTH),
        ("110105190002290021", ProblemKind.BIRTH),  # 1900 was no leap year
        ("110105189912310021", ProblemKind.BIRTH),
        ("110105202611240021", ProblemKind.BIRTH),  # tomorrow
        ("110105194912310021", ProblemKind.CHECK_CHARACTER),
    ],
)
def test_impossible_numbers_say_why_1_1_1(text, kind):
    assert problem(text) is kind


def test_a_child_born_today_has_a_number_and_none_born_tomorrow_1_1_1():
    body = "50010320261123001"
    number = body + check_character(body)
    assert isinstance(check_id_number(number, TODAY), IdNumber)
    assert problem(number, TODAY - timedelta(days=1)) is ProblemKind.BIRTH


@given(numbers(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_every_single_wrong_character_is_caught_1_1_1(number, place, wrong):
    if number[place] != wrong:
        assert isinstance(
            check_id_number(number[:place] + wrong + number[place + 1 :], TODAY), Problem
        )


@given(numbers(), st.integers(0, 16))
def test_every_swap_of_neighbours_is_caught_1_1_1(number, place):
    one, other = number[place], number[place + 1]
    if one != other:
        swapped = number[:place] + other + one + number[place + 2 :]
        assert isinstance(check_id_number(swapped, TODAY), Problem)


@given(st.text(max_size=20))
def test_no_text_raises_and_no_problem_shows_it_1_1_1(text):
    found = check_id_number(text, TODAY)
    assert isinstance(found, IdNumber | Problem)
    if isinstance(found, Problem):
        assert not found
        assert repr(found) == f"Problem(kind={found.kind!r})"


def test_a_number_is_not_shown_by_its_repr():
    assert SPECIMEN not in repr(check_id_number(SPECIMEN, TODAY))


def test_numbers_of_residence_permits_are_told_apart_a18():
    permit = check_id_number("810000199408230021", TODAY)
    citizen = check_id_number(SPECIMEN, TODAY)
    assert isinstance(permit, IdNumber)
    assert isinstance(citizen, IdNumber)
    assert permit.of_residence_permit
    assert not citizen.of_residence_permit


LEAP_DAY = date(2008, 2, 29)


def test_a_29_february_counts_on_1_march_in_common_years_1_1_1_2():
    assert age_on(LEAP_DAY, date(2026, 2, 28)) == 17
    assert age_on(LEAP_DAY, date(2026, 3, 1)) == 18
    assert age_on(LEAP_DAY, date(2024, 2, 28)) == 15
    assert age_on(LEAP_DAY, date(2024, 2, 29)) == 16


@pytest.mark.parametrize(
    ("birth", "day", "minor", "adult"),
    [
        (date(2008, 11, 24), TODAY, True, False),  # 18 tomorrow
        (date(2008, 11, 23), TODAY, True, True),  # today: either set of papers
        (date(2008, 11, 22), TODAY, False, True),  # since yesterday
        (LEAP_DAY, date(2026, 2, 28), True, False),
        (LEAP_DAY, date(2026, 3, 1), True, True),
        (LEAP_DAY, date(2026, 3, 2), False, True),
        (TODAY, TODAY, True, False),  # born today
    ],
)
def test_the_eighteenth_birthday_accepts_either_set_1_1_1_2(birth, day, minor, adult):
    assert counts_as_minor(birth, day) is minor
    assert counts_as_adult(birth, day) is adult
    assert is_minor(birth, day) is not adult


def test_the_age_of_majority_is_a_switch_1_1_1_2():
    assert not is_minor(date(2010, 1, 1), TODAY, minor_age=16)
    assert is_minor(date(2010, 1, 1), TODAY, minor_age=18)


@given(st.dates(date(1900, 1, 1), TODAY), st.dates(date(1901, 1, 1), date(2100, 1, 1)))
def test_everybody_counts_as_something_1_1_1_2(birth, day):
    assert counts_as_minor(birth, day) or counts_as_adult(birth, day)


@pytest.mark.parametrize(
    ("until", "day", "grace", "valid"),
    [
        ("20261123", TODAY, 0, True),  # through the last day
        ("20261122", TODAY, 0, False),
        ("20261122", TODAY, 1, True),
        ("20261121", TODAY, 1, False),
        ("长期", date(2999, 1, 1), 0, True),
        ("2026-11-23", TODAY, 0, True),
        ("", TODAY, 0, False),
        ("20260229", TODAY, 0, False),
        ("长", TODAY, 0, False),
    ],
)
def test_a_paper_is_valid_through_its_last_day_1_1_1(until, day, grace, valid):
    assert is_valid_on(until, day, grace) is valid


def test_the_last_day_or_what_is_wrong_1_1_1():
    assert check_valid_until("20300101") == date(2030, 1, 1)
    assert check_valid_until("长期") == date.max
    assert check_valid_until("20301301") == Problem(ProblemKind.DATE)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("13812341234", "13812341234"),
        ("138 1234 1234", "13812341234"),
        ("023-12345678", "023-12345678"),
        ("02312345678", "023-12345678"),
        ("", Problem(ProblemKind.EMPTY)),
        ("12812341234", Problem(ProblemKind.FORMAT)),
        ("1381234123", Problem(ProblemKind.FORMAT)),
        ("138123412345", Problem(ProblemKind.FORMAT)),
        ("010-12345678", Problem(ProblemKind.FORMAT)),
        ("١٣٨١٢٣٤١٢٣٤", Problem(ProblemKind.FORMAT)),
        ("13812341234\n", "13812341234"),
    ],
)
def test_telephone_numbers_4(text, found):
    assert check_phone(text) == found
    assert bool(check_phone(text)) is isinstance(found, str)


def test_only_eleven_digits_are_a_mobile_number_4():
    assert is_mobile("19912341234")
    assert not is_mobile("13812341234\n")
