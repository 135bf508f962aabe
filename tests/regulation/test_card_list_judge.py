"""A list judged row by row (规程 1.2.1(1), 3.2.1; failure F42)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulation.card_list.faults import Fault
from regulation.card_list.judge import Ground, judge, judge_row, person_of, pictures_of
from regulation.card_list.rows import BOTH_SIDES, HOUSEHOLD, PORTRAIT, Row
from regulation.rules import Service
from regulation.switches import Switches

TODAY = date(2026, 11, 28)
GROUND = Ground(Service.NEW_BATCH, Switches(), TODAY)
ADULT = Row(
    name="张三",
    number="11010519491231002X",
    ethnicity="汉",
    valid_to="长期",
    phone="13800138000",
    address="路1号",
    bank="重庆银行",
    pictures=frozenset((*BOTH_SIDES, PORTRAIT)),
)
CHILD = ADULT._replace(
    number="500103201011230033",
    paper="household_register",
    valid_to="",
    guardian_name="刘强",
    guardian_number="50010319850612019X",
    pictures=frozenset(HOUSEHOLD),
)


def found(row, ground=GROUND):
    return set(judge_row(row, ground))


@pytest.mark.parametrize("row", [ADULT, CHILD], ids=["adult", "child"])
def test_a_whole_row_has_no_fault_1_2_1(row):
    assert found(row) == set()


def test_an_adult_brings_both_sides_and_a_portrait_1_2_1():
    assert found(ADULT._replace(pictures=frozenset())) == {
        (shows, Fault.PICTURE_MISSING) for shows in (*BOTH_SIDES, PORTRAIT)
    }


def test_a_minor_brings_two_pages_and_a_portrait_if_they_like_1_2_1():
    assert found(CHILD._replace(pictures=frozenset())) == {
        (shows, Fault.PICTURE_MISSING) for shows in HOUSEHOLD
    }
    assert found(CHILD._replace(pictures=frozenset((*HOUSEHOLD, PORTRAIT)))) == set()


def test_a_minor_with_an_identity_card_still_brings_the_book_1_2_1():
    told = CHILD._replace(paper="resident_id", valid_to="长期")
    assert found(told) == set()
    assert pictures_of(told, person_of(told, GROUND), GROUND) == HOUSEHOLD


def test_a_replacement_needs_a_portrait_only_to_change_it_3_2_1():
    ground = Ground(Service.REPLACE_BATCH, Switches(), TODAY)
    told = ADULT._replace(reason="damaged", pictures=frozenset(BOTH_SIDES))
    assert found(told, ground) == set()
    assert found(told._replace(new_portrait=True), ground) == {(PORTRAIT, Fault.PICTURE_MISSING)}
    assert found(told._replace(reason=""), ground) == {("reason", Fault.MISSING)}


def test_pictures_that_do_not_come_with_the_list_are_not_asked_for_1_2_1_2():
    ground = Ground(Service.NEW_BATCH, Switches(), TODAY, pictures=False)
    assert found(ADULT._replace(pictures=frozenset()), ground) == set()


def test_a_bank_is_one_of_those_there_are_where_somebody_says_which():
    ground = Ground(Service.NEW_BATCH, Switches(), TODAY, banks=frozenset({"中国银行"}))
    assert found(ADULT) == set()
    assert found(ADULT, ground) == {("bank", Fault.NOT_A_CHOICE)}


@pytest.mark.parametrize("name", ["a/b.jpg", "a\\b.jpg", "C:x.jpg", ".hidden"])
def test_a_portraits_name_leads_nowhere(name):
    assert found(ADULT._replace(portrait_file=name)) == {("portrait_file", Fault.FILE_NAME)}


@pytest.mark.parametrize(
    ("last", "days", "fault"),
    [
        ("20261128", 0, None),
        ("20261127", 0, Fault.EXPIRED),
        ("20261127", 1, None),
        ("20261026", 30, Fault.EXPIRED),
        ("20260230", 0, Fault.DATE),
        ("长期", 0, None),
    ],
)
def test_a_paper_is_valid_through_its_last_day(last, days, fault):
    ground = Ground(Service.NEW_BATCH, Switches(accept_expired_days=days), TODAY)
    expected = {("valid_to", fault)} if fault else set()
    assert found(ADULT._replace(valid_to=last), ground) == expected


@pytest.mark.parametrize(
    "name",
    ["张三", "阿依古丽·买买提", "㼆𬀩", "Anna Maria", "O'Neill", "张" * 12, "张" * 25, "e\u0301"],
)
def test_names_that_are_names(name):
    assert found(ADULT._replace(name=name)) == set()


@pytest.mark.parametrize(
    ("name", "fault"),
    [("", Fault.MISSING), ("张" * 26, Fault.TOO_LONG), ("𬀩" * 13, Fault.TOO_LONG),
     ("张3", Fault.CHARACTERS), ("²", Fault.CHARACTERS), ("张\0", Fault.CHARACTERS)],
)  # fmt: skip
def test_names_that_are_none(name, fault):
    assert found(ADULT._replace(name=name)) == {("name", fault)}


def test_a_number_twice_names_the_first_row():
    lower = ADULT._replace(number=ADULT.number.lower())
    (twice,) = judge([ADULT, CHILD, lower], GROUND)
    assert (twice.row, twice.what, twice.other) == (3, Fault.TWICE, 1)
    assert [each.row for each in judge([Row(), Row()], GROUND) if each.what is Fault.TWICE] == []


@given(st.lists(st.text(max_size=30), min_size=18, max_size=18), st.sampled_from(Service))
def test_no_row_breaks_the_judge(texts, service):
    told = dict(zip(Row._fields[:-1], texts, strict=True)) | {"minor": None, "new_portrait": True}
    ground = Ground(service, Switches(), TODAY, banks=frozenset({"x"}))
    for fault in judge([Row(**told)], ground):
        assert not [text for text in texts if len(text) > 9 and text in fault.message]


@given(st.text(alphabet="张㼆𬀩·ab' -.\u30fb", min_size=1, max_size=30))
def test_the_short_way_for_names_is_the_long_way(name):
    """`isalpha` is asked first: it must never pass what the whole check would not."""
    short = name.isalpha() and len(name) <= 12
    if short:
        assert len(name.encode("gb18030")) <= 50
    assert not short or ("name", Fault.CHARACTERS) not in found(ADULT._replace(name=name + " "))
