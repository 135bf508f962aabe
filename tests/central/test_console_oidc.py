"""Signing in by an identity provider, which is a process of its own."""

import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from central.centre import Settings
from central.database import StoreError
from central.users.oidc_settings import load_provider
from central.users.records import User, UserState

FILE = """
issuer = "{issuer}"
client_id = "card-centre"
client_secret_file = "oidc-secret"
base_url = "http://127.0.0.1"
roles_claim = "groups"
[roles]
"card-window" = "clerk"
"card-supervisor" = "supervisor"
"card-audit" = "auditor"
"""
WEI = {
    "sub": "u-1",
    "preferred_username": "wang.wei",
    "name": "王伟",
    "groups": ["card-window", "staff"],
    "outlet": "W301",
}


@pytest.fixture(scope="module")
def provider():
    program = [sys.executable, str(Path(__file__).with_name("oidc_provider.py"))]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
        try:
            issuer = process.stdout.readline().strip()
            with httpx.Client(base_url=issuer, timeout=20) as client:
                yield client
        finally:
            process.terminate()


@pytest.fixture
def file(tmp_path, provider):
    (tmp_path / "oidc-secret").write_text("a secret of the two\n")
    path = tmp_path / "oidc.toml"
    path.write_text(FILE.format(issuer=str(provider.base_url).rstrip("/")))
    return path


@pytest.fixture
def settings(file):
    return Settings(oidc=load_provider(file))


@pytest.fixture
def browser(client):
    with httpx.Client(base_url=client.base_url, timeout=20) as browser:
        yield browser


@pytest.fixture
def come_back(browser, provider, clock):
    """The whole way by the provider; gives the page one comes back to."""

    def come_back(fault="", kept=None, again=False, **claims):
        told = WEI | {"now": clock.now.timestamp()} | claims
        provider.post("/next", json={"claims": told, "fault": fault})
        answer = browser.get("/console/oidc/start?next=/console/account")
        if answer.status_code != 303:
            return answer
        back = urlsplit(provider.get(answer.headers["Location"]).headers["Location"])
        path = f"{back.path}?{back.query}"
        if kept is not None:
            browser.cookies.set("console_oidc", kept)
        page = browser.get(path)
        return browser.get(path) if again else page

    return come_back


def test_the_way_to_the_provider(browser, provider):
    answer = browser.get("/console/oidc/start")
    asked = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == ["http://127.0.0.1/console/oidc/callback"]
    for secret in ("state", "nonce", "code_challenge"):
        assert len(asked[secret][0]) >= 43
        assert asked[secret][0] not in answer.headers["Set-Cookie"]
    assert "SameSite=lax" in answer.headers["Set-Cookie"]
    assert "统一账号" in browser.get("/console/sign-in").text


def test_somebody_signs_in_and_is_made(come_back, browser, centre):
    page = come_back()
    assert page.status_code == 200
    assert 'content="0;url=/console/account"' in page.text
    assert "王伟 · W301" in browser.get("/console/account").text
    with centre.database.read() as session:
        user = session.get(User, "wang.wei")
    assert (user.roles, user.password, user.totp) == (["clerk"], None, None)


def test_roles_are_the_providers_each_time(come_back, centre):
    come_back()
    come_back(groups="card-supervisor other", outlet="W302")
    with centre.database.read() as session:
        user = session.get(User, "wang.wei")
    assert (user.roles, user.outlet) == (["supervisor"], "W302")


@pytest.mark.parametrize(
    "fault",
    [
        "issuer",
        "audience",
        "nonce",
        "expired",
        "party",
        "key",
        "symmetric",
        "token",
        "mix-up",
        "metadata",
    ],
)
def test_a_wrong_answer_signs_nobody_in(come_back, browser, centre, fault):
    page = come_back(fault)
    assert page.status_code == 401, fault
    assert "统一账号登录没有成功" in page.text
    assert browser.get("/console").status_code == 303
    with centre.database.read() as session:
        assert session.query(User).count() == 0


def test_an_answer_counts_once_and_in_its_browser(come_back, browser):
    assert come_back(kept="").status_code == 401
    assert come_back(kept="AAAA" * 20).status_code == 401
    assert come_back(again=True).status_code == 401


def test_an_answer_too_late_counts_no_more(come_back, browser, provider, clock):
    answer = browser.get("/console/oidc/start")
    provider.post("/next", json={"claims": WEI | {"now": clock.now.timestamp()}})
    back = urlsplit(provider.get(answer.headers["Location"]).headers["Location"])
    clock.now = clock.now.replace(minute=11)
    assert browser.get(f"{back.path}?{back.query}").status_code == 401


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"groups": []}, 403),
        ({"groups": ["Card-Window"]}, 403),
        ({"groups": None}, 403),
        ({"groups": ["card-audit", "card-window"]}, 422),
        ({"outlet": ""}, 422),
        ({"preferred_username": "' or 1"}, 422),
    ],
)
def test_who_has_no_place_here_is_refused(come_back, centre, claims, status):
    assert come_back(**claims).status_code == status
    with centre.database.read() as session:
        assert session.query(User).count() == 0


def test_a_local_user_is_not_taken_over(come_back, sign_in):
    sign_in("operator", login="wang.wei")
    page = come_back()
    assert page.status_code == 422
    assert "已有这个登录名" in page.text


def test_who_is_locked_here_stays_out(come_back, centre):
    come_back()
    with centre.database.write() as session:
        session.get(User, "wang.wei").state = UserState.LOCKED
    assert come_back().status_code == 401


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("issuer =", "isuer =", "isuer"),
        ('"clerk"', '"boss"', "roles"),
        ("http://127.0.0.1:", "http://id.example:", "https://"),
        ("[roles]", "[roles", "TOML"),
    ],
)
def test_wrong_settings_are_told(file, old, new, told):
    file.write_text(file.read_text().replace(old, new))
    with pytest.raises(StoreError, match=told):
        load_provider(file)


def test_the_secret_is_not_shown(file):
    assert "a secret of the two" not in repr(load_provider(file))
