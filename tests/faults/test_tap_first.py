"""Any paper first: only what this person can do now, best first, each with its reason (9.1)."""

import time as clock

import pytest

from kiosk.services.menu import ELSEWHERE
from regulation.rules import Service
from tests.faults.citizen import WITHIN_S
from tests.faults.proxy import Wire

HERE = ("new_individual", "replace_individual", "loss_report", "loss_cancel")
HERE += ("pin_change", "pin_reset")
OFFERED = {
    "zhang_san": ("new_individual",),
    "has_card": ("loss_report", "replace_individual", "pin_change", "pin_reset"),
    "card_lost": ("loss_cancel", "replace_individual"),
    "card_sealed": ("activate", "loss_report", "replace_individual"),
    "card_locked": ("unlock", "replace_individual"),
    "card_cancelled": ("new_individual",),
    "batch_data_generated": ("batch_to_individual",),
    "batch_in_production": (),
    "not_insured": (),
    "unknown_to_centre": (),
}
LOOK_S = 6.0
"""Between the two seconds a look may take and the eight of any other request."""


def offered(citizen):
    return tuple(choice.name for choice in citizen.view.choices)


def lines(citizen):
    return {choice.name: choice.subtitle for choice in citizen.view.choices}


@pytest.mark.parametrize("person", OFFERED)
def test_only_what_can_be_done_now_and_the_best_first(citizen, person):
    citizen.tap(person)
    assert offered(citizen) == (*OFFERED[person], "for_another", "others")


@pytest.mark.parametrize(
    ("person", "service", "line"),
    [
        ("zhang_san", "new_individual", "您名下没有社保卡，首次申领免费"),
        ("has_card", "loss_report", "卡 *****0002 丢了，请马上挂失"),
        ("card_lost", "loss_cancel", "卡 *****0012 挂失，找到了可恢复"),
        ("card_sealed", "activate", "卡 *****0011 还没有启用"),
        ("card_locked", "unlock", "卡 *****0014 已锁定，窗口可解锁"),
        ("batch_data_generated", "batch_to_individual", "单位已为您批量申领，急用可转"),
    ],
)
def test_each_says_why_in_a_line_and_of_a_card_the_last_digits(citizen, person, service, line):
    citizen.tap(person)
    assert lines(citizen)[service] == line


@pytest.mark.parametrize(
    ("person", "told"),
    [
        ("batch_in_production", "您的卡正在制作"),
        ("not_insured", "没有查到您的参保信息"),
        ("unknown_to_centre", "没有查到您的参保信息"),
    ],
)
def test_who_can_do_nothing_here_is_told_why(citizen, person, told):
    citizen.tap(person)
    assert citizen.view.title == "现在没有您能在这里办的业务"
    assert citizen.view.notice.startswith(told)


def test_a_card_lost_today_is_told_with_its_day(citizen):
    citizen.begin("has_card", to="done", service="loss_report")
    citizen.go_home()
    citizen.tap("has_card")
    assert lines(citizen)["loss_cancel"] == "卡 *****0002 11月23日起挂失，找到了可恢复"


def test_nothing_is_read_or_asked_twice(citizen, applications):
    """The paper is known, and for whom: what comes next is the notice, then who they are."""
    seen = []
    citizen.kiosk._paint = lambda: seen.append(citizen.view.step)
    citizen.tap("zhang_san", "new_individual")
    assert citizen.wait("notice").rows
    citizen.press("primary")
    citizen.wait("person_check")
    citizen.to("done")
    assert "who" not in seen
    assert "applicant" not in seen
    (row,) = applications()
    assert (row["applicant_kind"], row["applicant"]["name"]) == ("self", "张三")


def test_for_whom_is_one_touch_away(citizen):
    citizen.tap("zhang_san", "new_individual")
    citizen.wait("notice")
    citizen.press("back")
    citizen.wait("who")
    citizen.press("agent_adult", "primary")
    citizen.until(lambda: citizen.view.title == "请先取回刚才的身份证")


def test_who_turns_back_sees_again_what_can_be_done(citizen):
    citizen.tap("has_card", "others", "new_individual")
    citizen.wait("refusal")
    citizen.press("back")
    assert citizen.wait("menu").choices
    citizen.press("others", "elsewhere", "back")
    citizen.wait("others")
    citizen.press("back")
    citizen.wait("menu")
    citizen.go_home()
    citizen.served()


@pytest.mark.parametrize("person", ["zhang_san", "has_card", "card_locked"])
def test_what_cannot_be_done_says_why_and_is_refused_at_once(citizen, person):
    citizen.tap(person)
    rest = [name for name in HERE if name not in offered(citizen)]
    citizen.press("others")
    assert [name for name in offered(citizen) if name in HERE] == sorted(
        rest, key=list(Service).index
    )
    assert all(lines(citizen)[name] for name in rest)
    for name in rest:
        citizen.press(name)
        citizen.wait("refusal")
        citizen.press("back", "others")
    citizen.press("elsewhere")
    assert offered(citizen) == ELSEWHERE
    for name in ELSEWHERE:
        citizen.press(name)
        citizen.wait("refusal")
        citizen.press("back", "others", "elsewhere")


def test_a_minors_card_by_whoever_put_their_own_down(citizen):
    citizen.tap("agent", "for_another")
    assert offered(citizen) == (
        *("new_individual", "replace_individual", "pin_reset", "loss_report", "loss_cancel"),
    )


def test_the_centre_away_leaves_the_table_and_says_so(citizen, wire):
    wire.set(Wire.REFUSED)
    citizen.tap("zhang_san")
    assert offered(citizen) == (
        *("new_individual", "replace_individual", "loss_report", "loss_cancel"),
        *("pin_change", "pin_reset", "for_another", "others"),
    )
    assert citizen.view.notice.startswith("暂时查不到您的卡片情况")


@pytest.mark.parametrize("wrong", [Wire.HANG, Wire.ERROR_500, Wire.GARBAGE, Wire.NOT_JSON])
def test_a_centre_that_does_not_answer_is_waited_for_two_seconds(citizen, wire, wrong):
    citizen.wait("home")
    wire.set(wrong)
    citizen.place("zhang_san")
    citizen.wait("overview")
    began = clock.monotonic()
    citizen.wait("menu", within=WITHIN_S)
    assert clock.monotonic() - began < LOOK_S
    assert citizen.view.notice.startswith("暂时查不到")


def test_open_cases_that_are_handed_in_keep_nobody_waiting(citizen, wire):
    """The link is busy with a centre that hangs: the look has a way of its own."""
    citizen.begin("zhang_san", to="signature")
    wire.set(Wire.HANG, only="/v1/applications")
    citizen.sign()
    citizen.sees("F33", "way_wait", "way_held", step="submit")
    citizen.press("way_held")
    citizen.wait("done")
    citizen.go_home()
    citizen.silence(16)
    began = clock.monotonic()
    citizen.tap("has_card")
    assert clock.monotonic() - began < LOOK_S
    assert offered(citizen)[0] == "loss_report"


def test_who_comes_next_sees_their_own(citizen):
    citizen.tap("has_card")
    citizen.press("home")
    citizen.take()
    citizen.tap("zhang_san")
    assert offered(citizen)[0] == "new_individual"
    assert not any("0002" in line for line in lines(citizen).values())
