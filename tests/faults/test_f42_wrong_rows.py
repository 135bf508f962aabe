"""F42: rows of a unit's list are wrong; they are mended on the screen, one after the other."""

import pytest

from central.people.records import Person
from tests.faults.citizen import read
from tests.faults.clerk import NUMBER, PHONE


def at_rows(clerk):
    clerk.writes(clerk.mistakes())
    clerk.begins()
    clerk.citizen.press("stick")
    clerk.plugs()
    return clerk.citizen.wait("rows")


def mends(clerk, line, field, text):
    clerk.citizen.press(f"line_{line}", field)
    clerk.citizen.wait("mend_digits")
    clerk.citizen.type(text)


def test_two_wrong_rows_are_named_mended_and_handed_in(clerk):
    citizen, view = clerk.citizen, at_rows(clerk)
    assert view.title == "有 2 行要改"
    assert [row.label.split()[1] for row in view.rows] == ["2", "5"]
    assert view.rows[0].value == "证件号码的末位校验不符，请逐位核对"
    assert view.rows[1].value == "手机应为11位号码，或023开头的座机"
    mends(clerk, 2, "number", clerk.rows[1][NUMBER])
    citizen.until(lambda: citizen.view.title == "有 1 行要改")
    mends(clerk, 5, "phone", clerk.rows[4][PHONE])
    view = citizen.wait("batch_review")
    assert view.rows[2].value == "6 人"
    assert view.rows[3].value == "**2026年12月7日** 前制成"
    clerk.signs()
    done = clerk.ends()
    assert done.title == "名单已受理"
    number = done.rows[0].value.partition("　")[0]
    assert clerk.batches() == {number: {row[NUMBER] for row in clerk.rows}}
    assert number in citizen.code()


def test_a_row_is_taken_out(clerk):
    citizen = clerk.citizen
    at_rows(clerk)
    for line in (2, 5):
        citizen.press(f"line_{line}", "remove")
    assert citizen.wait("batch_review").rows[2].value == "4 人"


def test_nothing_of_a_row_but_a_masked_name_is_shown(clerk):
    view = at_rows(clerk)
    shown = repr([(row.label, row.value) for row in view.rows])
    for row in clerk.rows:
        assert row[1] not in shown
        assert row[NUMBER] not in shown


def test_the_error_list_is_printed_and_can_be_scanned(clerk):
    citizen = clerk.citizen
    at_rows(clerk)
    citizen.press("errors")
    view, slips = citizen.wait("errors"), citizen.bench.slip_count()
    told = read(view.picture)
    assert "第2行 证件号码的末位校验不符" in told
    assert "第5行 手机应为11位号码" in told
    citizen.press("print_errors")
    citizen.wait("rows")
    assert citizen.bench.slip_count() == slips + 1
    assert citizen.code() == told


def test_an_error_list_that_is_not_printed_leads_back_to_the_rows(clerk):
    citizen = clerk.citizen
    at_rows(clerk)
    citizen.press("errors")
    citizen.wait("errors")
    citizen.printer(paper="out")
    citizen.press("print_errors")
    citizen.sees("list_not_printed", "way_again", "way_to_rows")
    citizen.press("way_to_rows")
    assert citizen.wait("rows").title == "有 2 行要改"


def test_what_the_centre_finds_leads_back_to_the_rows(clerk):
    """The person is not insured: nobody but the centre knows."""
    stranger = [list(row) for row in clerk.rows]
    stranger[3][1] = "欧阳锋"
    clerk.writes(stranger)
    clerk.begins()
    clerk.citizen.press("stick")
    clerk.plugs()
    view = clerk.citizen.wait("rows")
    assert [row.label.split()[1] for row in view.rows] == ["4"]
    assert clerk.batches() == {}


@pytest.mark.parametrize("partial", [False, True])
def test_good_rows_alone_only_where_the_centre_allows_it(clerk, centre, partial):
    if partial:
        object.__setattr__(centre.settings, "batch_partial", True)
    view = at_rows(clerk)
    assert view.primary.name == ("good_ones" if partial else "read_again")
    if partial:
        clerk.citizen.press("good_ones")
        clerk.citizen.wait("batch_review")
        clerk.signs()
        clerk.ends()
        assert [len(whose) for whose in clerk.batches().values()] == [4]


def test_nothing_of_a_list_stays_when_the_clerk_goes(clerk):
    at_rows(clerk)
    work = clerk.citizen.kiosk.house.batch
    assert work._list is not None
    clerk.citizen.press("home")
    clerk.pulls()
    clerk.citizen.take()
    clerk.citizen.wait("home")
    clerk.citizen.until(lambda: work._list is None and work.media.source is None)


def test_a_row_that_goes_wrong_after_the_check_hands_nothing_in(clerk, centre):
    clerk.to_review()
    with centre.database.write() as session:
        session.get_one(Person, clerk.rows[0][NUMBER]).insured = False
    clerk.signs()
    clerk.citizen.wait("refusal")
    clerk.pulls()
    clerk.citizen.refused("F42", "1")
    assert clerk.batches() == {}
