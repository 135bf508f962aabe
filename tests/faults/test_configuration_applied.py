"""A configuration from afar in a running kiosk: between citizens, on probation, or taken back."""

from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.configuration.trial import CENTRE_TIMES, Phase
from kiosk.log import Event
from kiosk.working import LOOK_S
from tests.faults.fleet import OTHER_TITLE, PROBATION_S, TITLE

RULES = Path("config/rules.toml").read_text("utf-8")
ONE_BANK = {"service.banks": ["重庆银行"]}
CLOSED = {"mode": "out_of_service", "message": {"zh": "停电检修，下午两点恢复", "en": "No power"}}


@pytest.fixture
def citizen(fleet):
    return fleet.start()


def finish(citizen):
    citizen.to("done")
    citizen.voucher()
    citizen.go_home()


def served_in(fleet):
    return fleet.server.reports[-1]["serving"]


def test_it_comes_in_force_proves_itself_and_is_kept(fleet, citizen):
    fleet.put(13)
    fleet.reported("probation", 13, serving=13)
    assert fleet.title == f"{OTHER_TITLE} 13"
    citizen.silence(PROBATION_S / 2)
    assert not [row for row in fleet.server.reports if row["state"] == "committed"]
    citizen.silence(PROBATION_S)
    fleet.reported("committed", 13, serving=13, mode="in_service", stale=False)
    states = [row["state"] for row in fleet.events("configuration_moved")]
    assert states == ["received", "verified", "valid", "staged", "probation", "committed"]
    assert fleet.refusals() == []


def test_a_visit_goes_on_as_it_began_and_the_next_one_is_new(fleet, citizen):
    citizen.begin("zhang_san", to="phone")
    fleet.put(13, settings=ONE_BANK)
    fleet.reported("staged", 13, serving=0)
    assert len(citizen.to("bank").choices) > 1
    finish(citizen)
    fleet.reported("probation", 13)
    citizen.begin("next", to="bank")
    assert [choice.title for choice in citizen.view.choices] == ["重庆银行"]
    finish(citizen)


def test_it_comes_twice_and_is_taken_once(fleet, citizen):
    fleet.commits(13)
    fetched = len(fleet.server.asked)
    fleet.put(13)
    fleet.server.push(13)
    fleet.until(lambda: citizen.kiosk.afar.store.state.seen == 13)
    fleet.commits(14)
    targets = [path for path, _ in fleet.server.asked[fetched:] if path.startswith("targets/")]
    assert len(targets) == 1


def test_of_two_that_wait_the_newer_one_is_taken(fleet, citizen):
    citizen.begin("zhang_san", to="phone")
    fleet.put(13)
    fleet.reported("staged", 13)
    fleet.put(14)
    fleet.reported("staged", 14)
    finish(citizen)
    fleet.reported("probation", 14)
    assert fleet.title == f"{OTHER_TITLE} 14"


def test_rules_from_afar_are_the_rules(fleet, citizen):
    words = RULES.replace('zh = "', 'zh = "新', 1)
    assert words != RULES
    fleet.commits(13, rules=words)
    house = citizen.kiosk.house
    assert len({id(each.rules) for each in (house, house.handing, house.look, house.batch)}) == 1
    assert house.press.slips.rules is house.rules
    assert [row.zh for row in house.rules.words.values() if row.zh.startswith("新")]
    citizen.served("zhang_san")


def test_a_document_without_rules_has_the_programs_own_again(fleet, citizen):
    fleet.commits(13, rules=RULES.replace('zh = "', 'zh = "新', 1), settings=ONE_BANK)
    fleet.commits(14)
    rules, settings = citizen.kiosk.house.rules, citizen.kiosk.settings
    assert not [row.zh for row in rules.words.values() if row.zh.startswith("新个")]
    assert len(settings.banks) > 1


def test_the_site_and_the_language_are_the_documents(fleet, citizen):
    fleet.commits(13, settings={"kiosk.site": "重庆 · 江北区", "screen.language": "en"})
    assert citizen.view.language == "en"
    assert citizen.kiosk.house.press.slips.site == "重庆 · 江北区"
    assert "江北区" in citizen.view.place


def test_out_of_service_after_whoever_is_served(fleet, citizen):
    citizen.begin("zhang_san", to="phone")
    fleet.put(13, **CLOSED)
    fleet.reported("staged", 13)
    citizen.to("done")
    citizen.voucher()
    citizen.take()
    citizen.press("finish")
    fleet.until(lambda: citizen.view.step == "closed")
    assert citizen.view.rows[0].value == "停电检修，下午两点恢复"
    fleet.reported("committed", 13, mode="out_of_service")
    citizen.place("zhang_san")
    citizen.silence(1)
    assert citizen.view.step == "closed"
    citizen.take()
    fleet.put(14)
    fleet.reported("probation", 14, mode="in_service")
    citizen.wait("home")
    citizen.served()


def test_a_sick_kiosk_that_is_closed_from_afar_stays_closed(fleet, citizen):
    """No device, no report and a page that breaks: what an open kiosk would be taken back for."""
    fleet.commits(12)
    fleet.put(13, **CLOSED)
    fleet.until(lambda: citizen.view.step == "closed")
    fleet.server.broken.add("reported")
    citizen.fault("id_reader", "silence")
    citizen.kiosk.house.log.write(Event.SCREEN_FAILED, page="closed", error="KeyError", where="")
    citizen.silence(PROBATION_S + 1)
    fleet.until(lambda: citizen.kiosk.afar.store.state.committed == (13, 12))
    citizen.silence(PROBATION_S + 1)
    assert (citizen.view.step, fleet.refusals()) == ("closed", [])
    citizen.fault("id_reader")
    fleet.stop()
    assert fleet.start(at="closed").view.step == "closed"


def test_one_that_comes_while_another_is_looked_at_needs_no_proof_either(fleet, citizen):
    trial = citizen.kiosk.afar.trial
    trial.kiosk = replace(trial.kiosk, look=lambda _answer: 1)  # a device that does not answer
    fleet.put(12)
    fleet.until(lambda: trial._phase is Phase.LOOKS)
    fleet.put(13, **CLOSED)
    fleet.reported("committed", 13, mode="out_of_service")
    assert citizen.view.step == "closed"


def test_one_that_comes_while_another_proves_itself_ends_that(fleet, citizen):
    fleet.put(12)
    fleet.reported("probation", 12)
    fleet.put(13, **CLOSED)
    fleet.reported("committed", 13, mode="out_of_service", serving=13)
    citizen.silence(PROBATION_S + 1)
    assert (citizen.view.step, fleet.refusals()) == ("closed", [])
    fleet.stop()
    assert fleet.start(at="closed").view.step == "closed"
    assert fleet.refusals() == []


def test_closed_from_afar_it_is_so_where_the_disk_does_not_take_it_down(fleet, citizen):
    citizen.begin("zhang_san", to="phone")
    fleet.put(13, **CLOSED)
    fleet.reported("staged", 13)
    (citizen.kiosk.settings.data_dir / "configuration" / "state.json.new").mkdir()
    citizen.to("done")
    citizen.voucher()
    citizen.take()
    citizen.press("finish")
    told = fleet.reported("failed", 13, step="committed", reason="disk")
    assert (told["mode"], citizen.view.step) == ("out_of_service", "closed")
    (citizen.kiosk.settings.data_dir / "configuration" / "state.json.new").rmdir()
    fleet.stop()
    fleet.server.broken.add("desired")
    fleet.start(at=None)
    fleet.reported("committed", 13, mode="out_of_service")


def test_hours_from_afar_close_it_after_whoever_is_served_and_open_it_again(fleet, citizen, time):
    fleet.commits(13, settings={"service.hours": ["08:30-10:30"]})
    citizen.begin("zhang_san", to="done")
    time.passed_s += 1800
    citizen.voucher()
    citizen.take()
    citizen.press("finish")
    fleet.until(lambda: citizen.view.step == "closed")
    assert citizen.view.rows[0].value == "现在不在服务时间，明天 08:30 开始办理"
    fleet.until(lambda: fleet.server.reports[-1]["mode"] == "out_of_service")
    time.passed_s += 22 * 3600
    fleet.until(lambda: citizen.view.step == "home")


def test_a_notice_and_a_card_s_profile_from_afar(fleet, citizen):
    notice = {"zh": "今天下午两点停电", "until": "2030-01-01"}
    house = citizen.kiosk.house
    fleet.commits(13, settings={"service.notice": notice, "social_card.profile": "cautious"})
    assert citizen.view.told == "今天下午两点停电"
    assert citizen.view.notice
    cautious = house.devices.card_profile
    fleet.commits(14)
    assert not citizen.view.told
    assert house.devices.card_profile != cautious


def test_out_of_service_is_so_after_a_restart_without_a_network(fleet, citizen):
    fleet.put(13, **CLOSED)
    fleet.reported("committed", 13)
    fleet.stop()
    fleet.server.broken.update({"desired", "reported"})
    assert fleet.start(at="closed").view.step == "closed"


def test_without_a_network_the_last_good_one_serves(fleet, citizen):
    fleet.commits(13, settings=ONE_BANK)
    fleet.stop()
    fleet.server.broken.update({"desired", "reported"})
    citizen = fleet.start()
    assert fleet.title == f"{OTHER_TITLE} 13"
    assert citizen.kiosk.settings.banks == ("重庆银行",)
    citizen.served("zhang_san")
    assert fleet.refusals() == []


def test_what_does_not_prove_itself_is_taken_back_and_never_tried_again(fleet, citizen):
    fleet.commits(12)
    fleet.server.mute = True  # the centre hears nothing of it
    fleet.put(13)
    fleet.until(lambda: fleet.title == f"{OTHER_TITLE} 13")
    citizen.silence(PROBATION_S * CENTRE_TIMES + 1)
    fleet.until(lambda: fleet.title == f"{OTHER_TITLE} 12")
    fleet.server.mute = False
    fleet.reported("failed", 13, step="probation", reason="centre", serving=12)
    fleet.stop()
    fleet.start()
    assert fleet.title == f"{OTHER_TITLE} 12"
    fleet.reported("failed", 13, reason="centre", serving=12)
    fleet.commits(14)
    assert fleet.refusals() == [(13, "probation", "centre")]


def test_a_centre_that_is_crowded_is_there(fleet, citizen):
    fleet.server.broken.add("reported")
    fleet.put(13)
    fleet.until(lambda: fleet.title == f"{OTHER_TITLE} 13")
    citizen.silence(PROBATION_S + 1)
    fleet.until(lambda: citizen.kiosk.afar.store.state.committed == (13,))
    fleet.server.broken.clear()
    fleet.reported("committed", 13, serving=13)


def proves_but_for_the_centre(fleet, citizen):
    """On probation for longer than it should be, with a centre that is away."""
    fleet.server.mute = True
    fleet.put(13)
    fleet.until(lambda: fleet.title == f"{OTHER_TITLE} 13")
    citizen.silence(PROBATION_S + 1)
    trial = citizen.kiosk.afar.trial
    fleet.until(lambda: trial._proof.well)
    citizen.silence(PROBATION_S)
    assert fleet.title == f"{OTHER_TITLE} 13"


def test_a_centre_that_is_away_for_some_minutes_spoils_nothing(fleet, citizen):
    proves_but_for_the_centre(fleet, citizen)
    fleet.server.mute = False
    fleet.reported("committed", 13, serving=13)
    assert fleet.refusals() == []


def test_what_breaks_while_the_centre_is_away_is_held_against_it(fleet, citizen):
    proves_but_for_the_centre(fleet, citizen)
    citizen.kiosk.house.log.write(Event.SCREEN_FAILED, page="home", error="KeyError", where="")
    fleet.until(lambda: fleet.title == TITLE)
    fleet.server.mute = False
    fleet.reported("failed", 13, step="probation", reason="faults", serving=0)


def test_a_page_that_breaks_on_probation(fleet, citizen):
    fleet.put(13)
    fleet.reported("probation", 13)
    citizen.kiosk.failed("home", RuntimeError())
    citizen.wait(dialog="screen_failed")
    citizen.press(*citizen.buttons())
    citizen.wait("home")
    fleet.reported("failed", 13, step="probation", reason="faults", serving=0)
    assert fleet.title == TITLE


def test_a_device_that_was_open_and_is_not_any_more(fleet, citizen):
    fleet.put(13)
    fleet.reported("probation", 13)
    citizen.fault("id_reader", "unplug")
    citizen.silence(PROBATION_S + 1)
    fleet.reported("failed", 13, step="probation", reason="devices id_reader", serving=0)
    citizen.fault("id_reader")
    citizen.silence(LOOK_S + 1)  # its reader was missing, and the home page said so
    fleet.until(lambda: fleet.title == TITLE)


def test_a_device_that_was_not_open_before_is_not_held_against_it(fleet, citizen):
    citizen.fault("camera", "unplug")
    fleet.commits(13)


def test_no_picture_on_the_glass(fleet, citizen):
    trial = citizen.kiosk.afar.trial
    trial.kiosk = replace(trial.kiosk, drawn=lambda _call: None)
    fleet.put(13)
    fleet.reported("probation", 13)
    citizen.silence(PROBATION_S + 1)
    fleet.reported("failed", 13, step="probation", reason="frames")


def test_ended_on_probation_the_last_good_one_serves_and_the_centre_is_told(fleet, citizen):
    fleet.commits(12)
    fleet.put(13)
    fleet.reported("probation", 13)
    fleet.stop()
    fleet.start()
    fleet.reported("failed", 13, step="probation", reason="restarted", serving=12)
    assert fleet.title == f"{OTHER_TITLE} 12"
    fleet.commits(14)


@pytest.mark.parametrize("rot", [None, b"", b"document"])
def test_a_document_that_rotted_is_fetched_again_and_the_one_before_serves(fleet, citizen, rot):
    fleet.commits(12)
    fleet.commits(13)
    fleet.stop()
    path = citizen.kiosk.settings.data_dir / "configuration" / "13.json"
    path.unlink() if rot is None else path.write_bytes(rot)
    fleet.start()
    fleet.reported("failed", 13, step="start", reason="disk")
    fleet.reported("probation", 13)
    fleet.citizen.silence(PROBATION_S + 1)
    fleet.reported("committed", 13, serving=13)
    assert fleet.title == f"{OTHER_TITLE} 13"


def test_ended_while_it_waits_it_is_tried_after_the_start(fleet, citizen):
    citizen.begin("zhang_san", to="phone")
    fleet.put(13)
    fleet.reported("staged", 13)
    fleet.stop()
    citizen.take()
    fleet.server.broken.add("desired")
    fleet.start()
    fleet.reported("probation", 13)
