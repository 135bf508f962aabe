"""The fleet at the console: two persons change a kiosk, and see what a citizen would see otherwise."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from central.fleet import documents, keys, records, rollouts
from central.fleet.records import RolloutState
from regulation.afar import AFAR

pytestmark = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)

PATH = "/console/fleet"
RULES = Path("config/rules.toml").read_text(encoding="utf-8")


@pytest.fixture
def one(sign_in, signed):
    return sign_in("operator", login="op.one")


@pytest.fixture
def two(sign_in, one):
    return sign_in("operator", login="op.two")


def propose(browser, content, **more):
    told = {"text": json.dumps(content), "note": "试点"} | more
    return browser.post(f"{PATH}/propose", told, back=f"{PATH}/edit")


def approve(browser, page):
    number = re.search(r"/console/approvals/(\d+)/approve", page.text)[1]
    return browser.post(f"/console/approvals/{number}/approve", {}, back="/console/approvals")


def revision(centre, number="0017"):
    """What a kiosk shall have; None while nobody has heard of it."""
    with centre.database.read() as session:
        found = session.get(records.FleetKiosk, number)
        return found and found.revision


def test_one_asks_another_looks_and_approves(one, two, centre, verified):
    page = propose(one, {"settings": {"service.window": "5"}}, kiosk="0017")
    assert "等另一位同事看过差别后同意" in page.text
    assert "同意并执行" not in page.text
    assert revision(centre) is None
    path = f"{PATH}/contents/1"
    assert f'href="{path}"' in two.get("/console/approvals").text
    theirs = two.get(path)
    assert "service.window" in theirs.text
    assert "已同意并执行" in approve(two, theirs).text
    assert revision(centre) == 1
    assert verified()[1]["settings"] == {"service.window": "5"}


def test_a_broken_one_is_refused_and_what_was_typed_stays(one, centre):
    page = one.post(
        f"{PATH}/propose",
        {"text": '{"mode": "broken"}', "kiosk": "0017"},
        back=f"{PATH}/edit",
        headers={"HX-Request": "true"},
    )
    assert "配置不符合格式：mode" in page.text
    assert page.headers["hx-retarget"] == "#notes"
    with centre.database.read() as session:
        assert session.query(records.Content).count() == 0


def test_the_verdicts_that_flip_are_shown_and_where_the_centre_would_refuse(one):
    switched = RULES.replace('verdict = "deny"', 'verdict = "allow"', 1)
    assert switched != RULES
    page = one.post(f"{PATH}/check", {"text": json.dumps({"rules": switched}), "kiosk": "0017"})
    assert "办与不办改变的 1 项" in page.text
    assert "<strong>可以办</strong>" in page.text
    same = one.post(f"{PATH}/check", {"text": json.dumps({"rules": RULES}), "kiosk": "0017"})
    assert "没有变化" in same.text


CLOSED = {"mode": "out_of_service", "message": {"zh": "打印机检修，请到3号窗口"}}


def test_who_approves_sees_what_changes_at_each_kind_of_kiosk(one, two, desire):
    desire(["0001", "0002"], settings={"service.window": "3"})
    desire(["0003"], **CLOSED)
    one.post(f"{PATH}/place", {"kiosk": "0004", "group": "pilot"}, back=PATH)
    page = two.get(propose(one, {"settings": {"service.window": "5"}}, groups="*").url.path)
    assert page.text.count("与现在给的配置相比") == 2
    assert "与自助机自己的设置相比 · 共 1 台" in page.text
    had = page.text.split("<h3>")[1]
    assert "共 2 台" in had
    assert "0001 0002" in had
    assert "<td>3</td><td>5</td>" in had


def test_who_approves_sees_which_kiosks_would_reopen(one, two, desire):
    desire(["0001", "0003"], **CLOSED)
    desire(["0002"], settings={"service.window": "3"})
    told = {"text": json.dumps({}), "groups": "0001 0002 0003"}
    reopens = '会恢复办理的自助机 2 台：<span class="code">0001 0003</span>'
    assert reopens in one.post(f"{PATH}/check", told).text
    page = two.get(propose(one, {}, groups="0001 0002 0003").url.path)
    assert reopens in page.text
    stay = propose(one, CLOSED | {"settings": {"a.b": 1}}, kiosk="0001")
    assert "恢复办理" not in stay.text


def test_a_difference_to_no_kiosk_s_configuration_says_so(one, two, sign_in):
    told = {"text": json.dumps({"settings": {"a.b": 1}}), "groups": ""}
    assert "与自助机自己的设置相比" in one.post(f"{PATH}/check", told).text
    english = sign_in("operator", login="op.en", language="en")
    assert "Compared with the kiosk's own settings" in english.post(f"{PATH}/check", told).text


def test_before_there_are_keys_nothing_can_be_asked(sign_in, centre):
    browser = sign_in("operator")
    assert "还没有配置签名密钥" in browser.get(PATH).text
    page = browser.post(f"{PATH}/propose", {"text": "{}", "kiosk": "0017"}, back=PATH)
    assert "还没有配置签名密钥" in page.text
    assert keys.newest_root(centre.folder) == 0


def test_a_rollout_is_made_approved_watched_and_rolled_back(one, two, centre, report):
    for number in ("0001", "0002", "0003"):
        group = "hall" if number == "0003" else "pilot"
        one.post(f"{PATH}/place", {"kiosk": number, "group": group, "site": "渝中"}, back=PATH)
    told = {"groups": "pilot *", "success": "100", "error": "0", "soak_minutes": "0"}
    page = propose(one, {"settings": {"service.window": "5"}}, **told)
    approve(two, two.get(page.url.path))
    report("0001", state="committed", revision=1, serving=1, version="1.4.0")
    report("0002", state="failed", revision=1, step="probation", reason="printer_silent")
    rollouts.run_due(centre)
    with centre.database.read() as session:
        (found,) = records.rollouts(session)
    assert found.state is RolloutState.STOPPED
    watched = one.get(f"{PATH}/rollouts/{found.id}")
    assert "error limit: 1 of 2 failed in pilot" in watched.text
    assert "printer_silent" in watched.text
    listed = one.get(f"{PATH}?q=pilot")
    assert "1.4.0" in listed.text
    assert "probation · printer_silent" in listed.text
    done = one.post(f"{PATH}/rollouts/{found.id}/roll-back", {}, back=watched.url.path)
    assert "让 2 台自助机退回" in done.text
    assert revision(centre, "0001") == 2
    assert "未通过" in one.get(f"{PATH}/kiosks/0002").text


def test_a_roll_back_that_changes_nobody_says_so_and_may_be_done_later(one, two, desire):
    one.post(f"{PATH}/place", {"kiosk": "0001", "group": "pilot"}, back=PATH)
    page = propose(one, {}, groups="pilot")
    approve(two, two.get(page.url.path))
    desire(["0001"], settings={"a.b": 1})
    path = f"{PATH}/rollouts/1"
    page = one.post(f"{path}/roll-back", {}, back=path)
    assert "没有自助机退回" in page.text
    assert "停止并退回" in page.text


@pytest.fixture
def narrowed(desire, monkeypatch):
    """A kiosk has what the program of today refuses: a setting was narrowed since."""
    desire(["0017"], settings={"sound.volume": 20})
    documents._members.cache_clear()
    row = replace(AFAR["sound.volume"], possible=lambda value: value >= 30)
    monkeypatch.setitem(AFAR, "sound.volume", row)


def test_a_content_of_an_earlier_program_is_signed_as_it_is(narrowed, verified):
    revision, document = verified()
    assert (revision, document["settings"]) == (1, {"sound.volume": 20})


def test_a_content_of_an_earlier_program_is_shown_and_not_compared(narrowed, one, two):
    assert "&#34;sound.volume&#34;: 20" in one.get(f"{PATH}/edit?kiosk=0017").text
    page = propose(one, {"settings": {"a.b": 1}}, kiosk="0017")
    assert "读不懂，无法比较" in page.text
    assert "现在的程序读不懂" in two.get(f"{PATH}/contents/1").text
    assert "已同意并执行" in approve(two, two.get(page.url.path)).text


def test_pause_and_stop_from_its_page(one, two, centre):
    one.post(f"{PATH}/place", {"kiosk": "0001", "group": "pilot"}, back=PATH)
    page = propose(one, {}, groups="pilot")
    approve(two, two.get(page.url.path))
    path = f"{PATH}/rollouts/1"
    assert "已暂停" in one.post(f"{path}/pause", {}, back=path).text
    assert "已继续" in one.post(f"{path}/resume", {}, back=path).text
    assert "已停止" in one.post(f"{path}/stop", {}, back=path).text
    assert 'class="note refused"' in one.post(f"{path}/pause", {}, back=path).text


def test_an_impossible_rollout_is_a_note(one):
    page = propose(one, {}, groups="nobody")
    assert "不能这样发布" in page.text


def test_every_page_opens_for_a_kiosk_that_never_reported(one):
    one.post(f"{PATH}/place", {"kiosk": "0001", "group": "pilot"}, back=PATH)
    for path in (
        PATH,
        f"{PATH}?only=silent",
        f"{PATH}/kiosks/0001",
        f"{PATH}/edit",
        f"{PATH}/edit?kiosk=0001",
    ):
        assert one.get(path).status_code == 200
    assert one.get(f"{PATH}/kiosks/0002").status_code == 404


def test_in_english(sign_in, signed, one):
    one.post(f"{PATH}/place", {"kiosk": "0001", "group": "pilot"}, back=PATH)
    browser = sign_in("operator", login="op.en", language="en")
    assert "Out of reach" in browser.get(PATH).text
    assert "Roll a configuration out over groups" in browser.get(f"{PATH}/edit").text


@pytest.mark.parametrize("role", ["clerk", "auditor"])
def test_others_do_not_see_it(sign_in, signed, role):
    assert sign_in(role, login="some.one").get(PATH).status_code == 403


def test_a_supervisor_looks_and_approves_and_changes_nothing(sign_in, one, centre):
    page = propose(one, {}, kiosk="0017")
    chief = sign_in("supervisor", login="chief")
    assert chief.get(f"{PATH}/edit").status_code == 403
    approve(chief, chief.get(page.url.path))
    assert revision(centre) == 1
