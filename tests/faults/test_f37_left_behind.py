"""F37, F38: somebody goes, and their ID card, social card or USB stick stays behind."""

import pytest

from hardware.bench.refusal import Refusal
from kiosk.visit import REMINDED, TAKE_BACK, Visit
from tests.faults.citizen import NOW
from tests.logged import rows

THINGS = {
    "take_paper": ("id_reader", "身份证"),
    "take_card": ("social_card", "社保卡"),
    "take_stick": ("media", " U 盘"),
}
AT_GATE = "1"
RUNGS = (("F37", 5), ("called", 7), ("F38", 285))
"""What comes after the reminder at 3 s, and so many seconds after what came before."""


@pytest.fixture
def equipped(open_kiosk, bench, tmp_path):
    """A kiosk with a motorised slot and a port for sticks; nothing in them before and after."""
    where = bench.addresses(0)

    def opened(**more):
        person = open_kiosk(
            social_card_driver="crt591",
            social_card_port=where["social_card"],
            media_mount_root=where["media"],
            **more,
        )
        person.wait("home")
        return person

    yield opened
    bench.do("social_card", "take")
    bench.do("media", "pull")


def leave(citizen, tmp_path, *steps):
    """Begin, leave these things, and go."""
    citizen.begin("zhang_san", to="bank")
    if "take_paper" not in steps:
        citizen.take()
    if "take_stick" in steps:
        citizen.bench.do("media", "insert", folder=str(stick(tmp_path)))
    citizen.press("home")


def inserted(citizen):
    """Whether the slot has taken the card: its gate opens a moment after the page is shown."""
    try:
        citizen.bench.do("social_card", "insert", person="has_card")
    except Refusal:
        return False
    return True


def leave_card(citizen):
    """Put a social card in where an ID card is asked for, and go."""
    citizen.press("new_individual", "self", "primary")
    citizen.wait("applicant")
    citizen.until(lambda: inserted(citizen))
    citizen.until(lambda: citizen.view.dialog)
    citizen.silence(30)
    citizen.silence(30)
    asked(citizen, "take_card")


def stick(tmp_path):
    folder = tmp_path / "stick"
    folder.mkdir()
    (folder / "list.csv").write_text("1\n")
    return folder


def events(citizen, kind):
    return rows(citizen.kiosk.settings.data_dir, kind)


def asked(citizen, step):
    """Wait until the thing of a step is asked back by the page."""
    name = THINGS[step][1]
    citizen.until(lambda: citizen.view.title == f"请取回您的{name}" and citizen.view.lying)
    return citizen.view


def test_it_is_called_out_louder_and_louder_until_it_is_taken(citizen):
    """M5 of lessons.md: 3, 8, 15 s."""
    citizen.begin("zhang_san", to="bank")
    citizen.press("home")
    assert asked(citizen, "take_paper").step == "take_paper"
    citizen.silence(2.9)
    assert citizen.kiosk.house.desk.visit.overlay is None
    citizen.silence(0.1)
    assert citizen.kiosk.house.desk.visit.overlay == REMINDED
    assert citizen.view.dialog is None
    for code, seconds in RUNGS:
        citizen.silence(seconds)
        assert citizen.sees(code, detail="身份证", step="take_paper").alarm
        assert citizen.buttons() == {}, "nobody is served meanwhile"
        assert "张" not in str(citizen.view)
    citizen.take()
    citizen.wait("home")
    citizen.served()


@pytest.mark.parametrize("rung", range(4))
def test_what_is_taken_at_any_time_ends_it_at_once(citizen, rung):
    citizen.begin("zhang_san", to="bank")
    citizen.press("home")
    asked(citizen, "take_paper")
    for seconds in (3, *(seconds for _code, seconds in RUNGS))[: rung + 1]:
        citizen.silence(seconds)
    citizen.take()
    citizen.wait("home")
    citizen.served()


@pytest.fixture
def opened(equipped):
    return equipped()


def test_a_stick_and_a_paper_are_asked_for_one_after_the_other(opened, tmp_path):
    leave(opened, tmp_path, "take_paper", "take_stick")
    asked(opened, "take_paper")
    opened.silence(8)
    opened.silence(8)
    opened.take()
    asked(opened, "take_stick")
    assert opened.view.dialog is None, "the next thing is asked for politely first"
    for seconds in (3, 5):
        opened.silence(seconds)
    opened.sees("F37", detail=" U 盘", step="take_stick")
    opened.bench.do("media", "pull")
    opened.wait("home")
    opened.served()


def test_a_stick_nobody_comes_for_is_in_custody_until_it_is_pulled(opened, tmp_path):
    leave(opened, tmp_path, "take_stick")
    asked(opened, "take_stick")
    journal = opened.kiosk.house.journal
    for seconds in (3, 5, 7, 285):
        assert journal.custody() == []
        opened.silence(seconds)
    opened.sees("F38", detail=" U 盘", step="take_stick")
    opened.until(lambda: [place for place, _at in journal.custody()] == ["media"])
    opened.silence(0)
    opened.silence(0)
    opened.bench.do("media", "pull")
    opened.wait("home")
    opened.silence(0)
    opened.until(lambda: journal.custody() == [])


@pytest.mark.parametrize(("policy", "place"), [("retain", "retain_bin"), ("keep", "social_card")])
def test_a_card_nobody_comes_for_goes_to_the_bin_where_the_settings_say_so(equipped, policy, place):
    citizen = equipped(social_card_card_left=policy)
    slot = citizen.bench.device("social_card").mechanism
    retained = len(slot.bin)
    leave_card(citizen)
    for seconds, code in ((3, None), (5, "F37"), (7, "called")):
        citizen.silence(seconds)
        if code:
            citizen.sees(code, detail="社保卡", step="take_card")
    citizen.silence(285)
    citizen.silence(0)
    journal = citizen.kiosk.house.journal
    if policy == "retain":
        citizen.wait("home")
        assert len(slot.bin) == retained + 1
    else:
        citizen.sees("F38", detail="社保卡", step="take_card")
        citizen.until(lambda: len(journal.custody()) == 1)
        citizen.until(lambda: slot.place == AT_GATE)
        citizen.bench.do("social_card", "take")
        citizen.wait("home")
        assert len(slot.bin) == retained
    citizen.silence(0)
    citizen.until(
        lambda: [where for where, _at in journal.custody()] == [place][: policy == "retain"]
    )
    citizen.served()


def test_the_log_tells_what_was_left_and_the_store_keeps_it(citizen):
    citizen.begin("zhang_san", to="bank")
    citizen.press("home")
    asked(citizen, "take_paper")
    for seconds in (3, 5, 7, 285):
        citizen.silence(seconds)
    journal = citizen.kiosk.house.journal
    citizen.silence(0)
    citizen.until(lambda: len(journal.custody()) == 1)
    ((place, at),) = journal.custody()
    assert (place, (at - NOW).total_seconds()) == ("id_reader", 300)
    codes = [(row["code"], row["step"]) for row in events(citizen, "left_behind")]
    assert codes == [(code, "take_paper") for code in ("reminded", "F37", "called", "F38")]


def test_it_comes_before_the_result(citizen):
    """Post-completion error: who has the slip forgets the rest (lessons.md 7, M5)."""
    citizen.obliging = False
    citizen.begin("zhang_san", to="signature")
    slips = citizen.bench.slip_count()
    citizen.sign()
    citizen.until(lambda: citizen.kiosk.view().title == "请先取回您的身份证")
    assert citizen.bench.slip_count() == slips + 1, "whatever comes now, the slip is out"
    citizen.take()
    citizen.voucher()
    citizen.press("finish")
    citizen.wait("home")


def test_who_has_nothing_there_sees_nothing_of_it(citizen):
    titles = []
    citizen.begin("zhang_san", to="signature")
    citizen.take()
    citizen.sign()
    citizen.until(lambda: titles.append(citizen.view.title) or citizen.view.step == "done")
    assert not [title for title in titles if "取回" in title]


def test_who_walks_away_from_the_paper_that_is_given_back(citizen):
    citizen.obliging = False
    citizen.begin("zhang_san", to="signature")
    citizen.sign()
    citizen.until(lambda: citizen.view.title == "请先取回您的身份证")
    citizen.silence(30)
    citizen.sees("F36", "way_still_here", step="give_paper")
    citizen.silence(30)
    assert citizen.kiosk.house.desk.visit == Visit(TAKE_BACK)
    asked(citizen, "take_paper")
    for seconds in (3, 5):
        citizen.silence(seconds)
    citizen.sees("F37", detail="身份证", step="take_paper")
    citizen.take()
    citizen.wait("home")


def test_who_just_walks_away_from_the_result(citizen):
    citizen.begin("zhang_san", to="done")
    citizen.place("zhang_san")
    citizen.silence(30)
    citizen.silence(30)
    asked(citizen, "take_paper")
    for seconds in (3, 5):
        citizen.silence(seconds)
    citizen.sees("F37", detail="身份证", step="take_paper")
    citizen.take()
    citizen.wait("home")
