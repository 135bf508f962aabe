"""The numbers of papers, and machine-readable zones."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulation.mrz import check_digit, read_mrz
from regulation.papers import CITIZEN_NUMBERED, Paper, check_number, is_chinese_passport
from regulation.problem import Problem, ProblemKind

TODAY = date(2026, 11, 23)
SPECIMEN = "11010519491231002X"
FORMAT = ProblemKind.FORMAT

# docs/devices/id_reader.md, travel documents; ICAO Doc 9303-4 appendix A
TD3_LINE_1 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
TD3_LINE_2 = "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
# ICAO Doc 9303-5 appendix A
TD1 = [
    "I<UTOD231458907<<<<<<<<<<<<<<<",
    "7408122F1204159UTO<<<<<<<<<<<6",
    "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
]
# ICAO Doc 9303-5 appendix B: a number of more than nine characters
TD1_LONG = [
    "I<UTOD23145890<7349<<<<<<<<<<<",
    "3407127M9507122UTO<<<<<<<<<<<2",
    "STEVENSON<<PETER<JOHN<<<<<<<<<",
]


@pytest.mark.parametrize(
    ("paper", "text", "found"),
    [
        (Paper.RESIDENT_ID, "11010519491231002x", SPECIMEN),
        (Paper.RESIDENT_ID, "110105194912310021", ProblemKind.CHECK_CHARACTER),
        (Paper.HOUSEHOLD_REGISTER, SPECIMEN, SPECIMEN),
        (Paper.HMT_PERMIT, "h12345678", "H12345678"),
        (Paper.HMT_PERMIT, "M1234567801", "M1234567801"),
        (Paper.HMT_PERMIT, "12345678", "12345678"),
        (Paper.HMT_PERMIT, "1234567890", "1234567890"),
        (Paper.HMT_PERMIT, "H1234567", FORMAT),
        (Paper.HMT_PERMIT, "A12345678", FORMAT),
        (Paper.HMT_PERMIT, "123456789", FORMAT),
        (Paper.HMT_PERMIT, "H123456780", FORMAT),
        (Paper.PASSPORT, " e1234 5678", "E12345678"),
        (Paper.PASSPORT, "L898902C3", "L898902C3"),
        (Paper.PASSPORT, "AB12", FORMAT),
        (Paper.PASSPORT, "A" * 18, FORMAT),
        (Paper.PASSPORT, "AB-12345", FORMAT),
        (Paper.PASSPORT, "", ProblemKind.EMPTY),
        (Paper.MILITARY_OFFICER, "军字第 1234567号", "军字第 1234567号"),
        (Paper.MILITARY_OFFICER, "军", ProblemKind.LENGTH),
        (Paper.MILITARY_OFFICER, "军字第*号", ProblemKind.CHARACTERS),
        (Paper.MILITARY_OFFICER, "", ProblemKind.EMPTY),
        (Paper.SS_CARD, "a12345678", "A12345678"),
        (Paper.SS_CARD, "A1234567", FORMAT),
        (Paper.FOREIGN_RESIDENCE_CARD, "USA123456789012", "USA123456789012"),
        (Paper.FOREIGN_RESIDENCE_CARD, SPECIMEN, FORMAT),
    ],
)
def test_the_number_of_a_paper_1_1_1(paper, text, found):
    expected = Problem(found) if isinstance(found, ProblemKind) else found
    assert check_number(paper, text, TODAY) == expected


@given(st.sampled_from(Paper), st.text(max_size=40))
def test_no_text_raises_for_any_paper_1_1_1(paper, text):
    found = check_number(paper, text, TODAY)
    if isinstance(found, str):
        assert check_number(paper, found, TODAY) == found


def test_every_paper_has_names_and_is_the_id_of_the_table():
    assert Paper("hmt_permit") is Paper.HMT_PERMIT
    assert Paper.RESIDENT_ID == "resident_id"
    assert all(paper.zh and paper.en for paper in Paper)
    assert Paper.HOUSEHOLD_REGISTER in CITIZEN_NUMBERED


@pytest.mark.parametrize("number", ["E12345678", "EA1234567", "G12345678", "141234567"])
def test_passports_of_china(number):
    assert is_chinese_passport(number)


@pytest.mark.parametrize("number", ["EI1234567", "EO1234567", "L898902C3", "E1234567"])
def test_other_passports(number):
    assert not is_chinese_passport(number)


@pytest.mark.parametrize(
    ("field", "digit"),
    [("L898902C3", "6"), ("740812", "2"), ("120415", "9"), ("ZE184226B<<<<<", "1")],
)
def test_check_digits_of_icao_9303(field, digit):
    assert check_digit(field) == digit


@pytest.mark.parametrize(
    ("lines", "number", "name"),
    [
        ([TD3_LINE_1, TD3_LINE_2], "L898902C3", "ERIKSSON ANNA MARIA"),
        ([TD3_LINE_2], "L898902C3", ""),
        (TD1, "D23145890", "ERIKSSON ANNA MARIA"),
    ],
)
def test_a_zone_tells_number_birth_and_expiry_1_1_1(lines, number, name):
    found = read_mrz(lines, TODAY)
    assert found
    assert (found.number, found.name, found.nationality) == (number, name, "UTO")
    assert (found.birth, found.sex, found.expiry) == (date(1974, 8, 12), "F", date(2012, 4, 15))
    assert number not in repr(found)


def test_a_long_number_goes_on_in_the_optional_field():
    found = read_mrz(TD1_LONG, TODAY)
    assert found
    assert found.number == "D23145890734"
    assert found.birth == date(1934, 7, 12)


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        ([], ProblemKind.LENGTH),
        ([TD3_LINE_2[:-1]], ProblemKind.LENGTH),
        ([*TD1, TD1[0]], ProblemKind.LENGTH),
        ([TD3_LINE_2.replace("L", "é")], ProblemKind.CHARACTERS),
        ([TD3_LINE_2[:-1] + "1"], ProblemKind.CHECK_CHARACTER),
    ],
)
def test_a_wrong_zone_says_why(lines, kind):
    assert read_mrz(lines, TODAY) == Problem(kind)


@given(st.integers(0, 43), st.sampled_from("0123456789"))
def test_every_wrong_digit_of_the_second_line_is_caught(place, wrong):
    right = TD3_LINE_2[place]
    uncovered = place in range(10, 13) or place == 20  # nationality and sex have no check digit
    if right.isdigit() and right != wrong and not uncovered:
        line = TD3_LINE_2[:place] + wrong + TD3_LINE_2[place + 1 :]
        assert isinstance(read_mrz([line], TODAY), Problem)


@given(st.lists(st.text(alphabet="AZ09<", min_size=30, max_size=30), min_size=3, max_size=3))
def test_no_zone_raises(lines):
    read_mrz(lines, TODAY)


def td3_line(birth: str, expiry: str) -> str:
    """A second line of TD3 with right check digits and no optional field."""
    number = "L898902C3"
    line = (
        f"{number}{check_digit(number)}UTO{birth}{check_digit(birth)}F"
        f"{expiry}{check_digit(expiry)}{'<' * 15}"
    )
    return line + check_digit(line[:10] + line[13:20] + line[21:43])


@pytest.mark.parametrize(
    ("birth", "expiry", "dates"),
    [
        ("74<<<<", "300101", (None, date(2030, 1, 1))),  # the day is not known
        ("261123", "300101", (date(2026, 11, 23), date(2030, 1, 1))),  # born today
        ("261124", "300101", (date(1926, 11, 24), date(2030, 1, 1))),  # a hundred next year
        ("271124", "760101", (date(1927, 11, 24), date(1976, 1, 1))),
        ("740812", "751231", (date(1974, 8, 12), date(2075, 12, 31))),
    ],
)
def test_the_century_is_the_one_that_can_be(birth, expiry, dates):
    found = read_mrz([td3_line(birth, expiry)], TODAY)
    assert found
    assert (found.birth, found.expiry) == dates


@pytest.mark.parametrize(
    ("birth", "expiry"), [("741332", "300101"), ("740812", "300230"), ("740812", "3001<<")]
)
def test_impossible_days_are_refused_in_spite_of_their_check_digits(birth, expiry):
    assert read_mrz([td3_line(birth, expiry)], TODAY) == Problem(ProblemKind.DATE)


def test_the_optional_fields_of_td1_are_under_its_last_check_digit():
    upper = TD1[0][:15] + "AB12CD34EF56GH7"
    middle = TD1[1][:18] + "98765432109"
    lines = [
        upper,
        middle + check_digit(upper[5:] + middle[:7] + middle[8:15] + middle[18:]),
        TD1[2],
    ]
    assert read_mrz(lines, TODAY)
    for place in range(18, 29):
        digit = str((int(middle[place]) + 1) % 10)
        wrong = middle[:place] + digit + middle[place + 1 :] + lines[1][-1]
        assert read_mrz([upper, wrong, TD1[2]], TODAY) == Problem(ProblemKind.CHECK_CHARACTER)
