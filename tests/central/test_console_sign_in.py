"""Signing in: password and phone, sessions, lockout; on both stores."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest
from argon2 import PasswordHasher
from cryptography.exceptions import InvalidTag
from pyotp.totp import TOTP

from central.audit.records import SYSTEM, AuditEntry
from central.cards.ledger import Act
from central.console import csrf
from central.console.cookies import proof
from central.problems import ProblemError
from central.users import accounts, passwords, seal, sessions
from central.users.records import RecoveryCode, User, UserSession, UserState
from central.users.sign_in import sign_in as sign_in_as

pytestmark = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)

PASSWORD = "紫色 umbrella 41"


@pytest.fixture(autouse=True)
def hasher(monkeypatch):
    """Takes no time, where a test is about other things than passwords."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", quick)


@pytest.fixture
def browser(client):
    with httpx.Client(base_url=client.base_url, follow_redirects=True, timeout=20) as browser:
        browser.get("/console/sign-in")
        yield browser


def post(browser, path, back="/console", **form):
    token = proof(browser.cookies["console"], csrf.FIELD)
    return browser.post(path, data={csrf.FIELD: token, csrf.BACK: back} | form)


def text_of(page, mark):
    return re.sub(r"<[^>]+>", "", re.search(mark, page.text, re.DOTALL)[1]).strip()


@pytest.fixture
def invited(centre):
    act = Act(SYSTEM, centre.clock())
    with centre.database.write() as session:
        user = accounts.add(session, act, "Li.Na", "李娜", "W301")
        accounts.grant(session, act, user, ["operator", "supervisor"], "W301")
        return accounts.invite(session, act, user)


@pytest.fixture
def set_up(browser, centre, invited):
    """The user set up in the browser: gives a phone and the recovery codes."""
    page = post(browser, "/console/set-up/phone", login="li.na", code=invited.lower())
    phone = TOTP(text_of(page, r"手工输入：(.*?)</p>").replace(" ", ""))
    chosen = {"login": "li.na", "code": invited, "password": PASSWORD, "again": PASSWORD}
    page = post(browser, "/console/set-up/finish", shown=phone.at(centre.clock()), **chosen)
    assert page.status_code == 200
    codes = re.findall(r"<li>([A-Z2-9-]{19})</li>", page.text)
    assert len(codes) == 10
    return phone, codes


@pytest.fixture
def enter(browser, set_up, centre):
    """Signs in by the form; gives the page."""

    def enter(password=PASSWORD, login="li.na", **more):
        told = {"login": login, "password": password, "wanted": "/console"} | more
        told.setdefault("code", set_up[0].at(centre.clock()))
        return post(browser, "/console/sign-in", back="/console/sign-in", **told)

    return enter


def later(clock, **more):
    clock.now += timedelta(**more)


def audited(centre, action):
    with centre.database.read() as session:
        return session.query(AuditEntry).where(AuditEntry.action == action).all()


def test_somebody_sets_up_and_signs_in(browser, centre, clock, enter):
    later(clock, seconds=30)
    before = browser.cookies["console"]
    page = enter(login=" LI.NA ")
    assert page.url.path == "/console"
    assert "您好，李娜" in page.text
    assert browser.cookies["console"] != before  # the value from before the sign-in names nothing
    with centre.database.read() as session:
        assert sessions.find(session, before, centre.clock()) is None
        assert [row.hash for row in session.query(UserSession)] != [browser.cookies["console"]]
    assert [row.target for row in audited(centre, "user.signed_in")] == ["li.na"]


def test_a_code_of_the_phone_counts_once(browser, clock, enter):
    later(clock, seconds=30)
    assert enter().url.path == "/console"
    post(browser, "/console/sign-out")
    assert "登录名、密码或验证码不对" in enter().text
    later(clock, seconds=30)
    assert enter().url.path == "/console"


def test_the_code_of_the_set_up_counts_no_more(enter):
    assert "登录名、密码或验证码不对" in enter().text


def test_a_recovery_code_counts_once(browser, set_up, enter):
    code = set_up[1][3]
    assert enter(code=code.lower().replace("-", " ")).url.path == "/console"
    post(browser, "/console/sign-out")
    assert "登录名、密码或验证码不对" in enter(code=code).text
    assert enter(code=set_up[1][4]).url.path == "/console"


def test_the_set_up_code_counts_once_and_three_days(browser, centre, clock, invited, set_up):
    told = {"login": "li.na", "code": invited}
    assert "设置码不对" in post(browser, "/console/set-up/phone", **told).text
    with centre.database.write() as session:
        act = Act(SYSTEM, centre.clock())
        user = accounts.add(session, act, "wang.wei", "王伟", "W301")
        code = accounts.invite(session, act, user)
    later(clock, hours=72)
    assert "设置码不对" in post(browser, "/console/set-up/phone", login="wang.wei", code=code).text


@pytest.mark.parametrize(
    "password",
    ["kurz", "li.na li.na li.na", "Password12345!", "aaaaaaaaaaaabb", "123456789012", "x" * 129],
)
def test_a_weak_password_is_refused(browser, centre, invited, password):
    page = post(browser, "/console/set-up/phone", login="li.na", code=invited)
    phone = TOTP(text_of(page, r"手工输入：(.*?)</p>").replace(" ", ""))
    chosen = {"login": "li.na", "code": invited, "password": password, "again": password}
    shown = phone.at(centre.clock())
    page = post(browser, "/console/set-up/finish", "/console/set-up", shown=shown, **chosen)
    assert 'class="note refused"' in page.text
    with centre.database.read() as session:
        assert session.get(User, "li.na").password is None


def test_five_wrong_ones_lock_for_longer_and_longer(centre, clock, enter):
    later(clock, seconds=30)
    for _ in range(5):
        wrong = enter("wrong password here").text
    later(clock, minutes=14)
    assert "登录名、密码或验证码不对" in enter().text  # right, and locked: the same sentence
    later(clock, minutes=1)
    assert "登录名、密码或验证码不对" in enter("wrong again here").text
    later(clock, minutes=29)
    assert "登录名、密码或验证码不对" in enter().text
    later(clock, minutes=1)
    assert enter().url.path == "/console"
    assert "登录名、密码或验证码不对" in wrong
    assert len(audited(centre, "user.sign_in_refused")) == 6
    with centre.database.read() as session:
        assert session.get(User, "li.na").failures == 0


def test_nobody_learns_who_exists(centre, clock, enter):
    later(clock, seconds=30)
    sentence = r'class="note refused".*?>(.*?)</p>'
    assert text_of(enter("wrong password here"), sentence) == text_of(
        enter(login="nobody"), sentence
    )
    assert audited(centre, "user.sign_in_refused")[0].target == "li.na"
    assert len(audited(centre, "user.sign_in_refused")) == 1  # what was typed is not written down


def test_a_session_ends_after_15_idle_minutes(browser, clock, enter):
    later(clock, seconds=30)
    enter()
    for _ in range(3):
        later(clock, minutes=14)
        assert browser.get("/console").url.path == "/console"
    later(clock, minutes=15, seconds=1)
    page = post(browser, "/console/approvals/1/approve")
    assert page.url.path == "/console/sign-in"
    assert "登录已过期，刚才的操作没有完成" in page.text
    assert browser.get("/console").url.path == "/console/sign-in"


def test_a_session_ends_after_10_hours(browser, clock, enter):
    later(clock, seconds=30)
    enter()
    for _ in range(60):
        later(clock, minutes=10)
        assert browser.get("/console").url.path == "/console"
    later(clock, seconds=1)
    assert browser.get("/console").url.path == "/console/sign-in"


def test_another_password_ends_every_session(browser, centre, clock, enter, set_up):
    later(clock, seconds=30)
    enter()
    with centre.database.write() as session:
        other = sessions.begin(session, session.get_one(User, "li.na"), centre.clock())
    later(clock, seconds=30)
    new = "grüne Regenschirme 42"
    told = {"password": PASSWORD, "code": set_up[0].at(clock.now), "new": new, "again": new}
    page = post(browser, "/console/account/password", **told)
    assert page.url.path == "/console/sign-in"
    with centre.database.read() as session:
        assert sessions.find(session, other, centre.clock()) is None
    later(clock, seconds=30)
    assert "登录名、密码或验证码不对" in enter().text
    later(clock, seconds=30)
    assert enter(new).url.path == "/console"


def test_fresh_recovery_codes_replace_the_old(browser, centre, clock, enter, set_up):
    later(clock, seconds=30)
    enter()
    later(clock, seconds=30)
    told = {"password": PASSWORD, "code": set_up[0].at(clock.now)}
    page = post(browser, "/console/account/recovery-codes", **told)
    fresh = re.findall(r"<li>([A-Z2-9-]{19})</li>", page.text)
    assert len(fresh) == 10
    with centre.database.read() as session:
        assert session.query(RecoveryCode).count() == 10
    assert "登录名、密码或验证码不对" in enter(code=set_up[1][0]).text
    assert enter(code=fresh[0]).url.path == "/console"


def test_signed_out_everywhere(browser, centre, clock, enter):
    later(clock, seconds=30)
    enter()
    post(browser, "/console/account/sign-out-everywhere")
    with centre.database.read() as session:
        assert session.query(UserSession).count() == 0


def test_the_secrets_are_sealed_and_each_for_its_user(centre, set_up):
    with centre.database.read() as session:
        sealed = session.get(User, "li.na").totp
        assert set_up[0].secret.encode() not in sealed
        assert seal.unseal(centre.folder, "li.na", sealed) == set_up[0].secret
    with pytest.raises(InvalidTag):
        seal.unseal(centre.folder, "wang.wei", sealed)


def test_who_is_locked_is_out_at_once(browser, centre, clock, enter):
    later(clock, seconds=30)
    enter()
    act = Act(SYSTEM, centre.clock())
    with centre.database.write() as session:
        user = accounts.add(session, act, "wang.wei", "王伟", "W301")
        accounts.grant(session, act, user, ["operator"], "W301")
        accounts.unlock(session, act, user)
        user.state = UserState.ACTIVE
        accounts.lock(session, act, accounts.user_of(session, "li.na"))
    assert browser.get("/console").url.path == "/console/sign-in"
    later(clock, seconds=30)
    assert "登录名、密码或验证码不对" in enter().text


def test_of_many_at_once_one_uses_a_code(centre, clock, set_up):
    later(clock, seconds=30)
    code = set_up[0].at(clock.now)

    def attempt(_):
        try:
            return sign_in_as(centre, "li.na", PASSWORD, code) is not None
        except ProblemError:
            return False

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(attempt, range(4))) == 1


class TestInEarnest:
    """With the time and the memory that a password really takes."""

    @pytest.fixture(autouse=True)
    def hasher(self):
        """The product's."""

    def test_a_password_is_kept_as_rfc_9106_says_and_found_again(self, centre, clock, enter):
        with centre.database.read() as session:
            kept = session.get(User, "li.na").password
        assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
        later(clock, seconds=30)
        assert "登录名、密码或验证码不对" in enter("wrong password here").text
        assert enter().url.path == "/console"
