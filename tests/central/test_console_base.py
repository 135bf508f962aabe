"""The console's base: doors, headers, forms, roles, refusals."""

import asyncio

import httpx
import pytest
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount

from central.app import build_app, openapi
from central.applications.review import MARKS, REASONS
from central.applications.states import ZH
from central.console import csrf, site
from central.console.access import Needs, everybody
from central.console.headers import HEADERS
from central.console.refusals import CHINESE
from central.console.words import catalogue
from central.users.roles import Role

SAFE = {"GET", "HEAD"}


def routes():
    console = site.build_console(build_app(None))
    found = [c for c in iter_route_contexts(console.routes) if not isinstance(c.route, Mount)]
    assert len(found) >= 5
    return found


def calls(dependant):
    yield dependant.call
    for each in dependant.dependencies:
        yield from calls(each)


def known(context):
    return list(calls(context._effective_route.dependant))


def test_every_route_names_its_roles_or_everybody():
    nameless = [
        context.path
        for context in routes()
        if not any(isinstance(call, Needs) or call is everybody for call in known(context))
    ]
    assert nameless == []


def test_every_change_asks_for_the_token_first():
    changes = [context for context in routes() if not context.methods <= SAFE]
    assert changes
    for context in changes:
        assert known(context)[1] is csrf.checked, context.path  # [0] is the route's own function


def test_a_change_without_a_token_is_refused_on_every_route(sign_in):
    browser = sign_in("clerk", "supervisor", "operator", "auditor")
    for context in routes():
        for method in context.methods - SAFE:
            path = context.path.replace("{", "").replace("}", "")
            for told in ({}, {"csrf": "0" * 64}):
                answer = browser.client.request(method, path, data=told)
                assert answer.status_code == 403, path
                assert "页面已过期" in answer.text


def test_a_token_of_another_browser_is_refused(sign_in):
    one, other = sign_in("clerk"), sign_in("clerk", login="wang.wei")
    one.client.cookies.set("console", other.client.cookies["console"], path="/other")
    answer = httpx.post(
        f"{one.client.base_url}/console/language",
        data={"csrf": csrf.proof(other.client.cookies["console"], "csrf"), "language": "en"},
        cookies={"console": one.client.cookies.get("console", path="/other") + "x"},
    )
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "none"}, {"Origin": "https://elsewhere"}],
)
def test_a_form_of_another_site_is_refused_even_with_a_token(sign_in, headers):
    answer = sign_in("clerk").post("/console/language", {"language": "en"}, headers=headers)
    assert "页面已过期" in answer.text


def test_the_contract_knows_nothing_of_the_console():
    assert "console" not in str(openapi(build_app(None)))


@pytest.mark.parametrize(
    "path", ["/console", "/console/sign-in", "/console/nothing", "/console/static/console.css"]
)
def test_every_answer_has_the_headers(sign_in, path):
    answer = sign_in("clerk").get(path)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert answer.headers["Cache-Control"] == ("no-cache" if "static" in path else "no-store")
    assert "style=" not in answer.text
    assert "onclick" not in answer.text


def test_who_is_not_signed_in_signs_in_first(client):
    with httpx.Client(base_url=client.base_url) as browser:
        answer = browser.get("/console")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/console/sign-in")
        answer = browser.get("/console", headers={"HX-Request": "true"})
        assert answer.headers["HX-Redirect"] == "/console/sign-in"


@pytest.mark.parametrize(
    ("path", "ours"),
    [
        ("/console", True),
        ("/console/cases/x?y=1", True),
        ("/consoles", False),
        ("//console/x", False),
        ("https://a/console/", False),
        ("/console/\\\\x", False),
        ("", False),
    ],
)
def test_back_leads_into_the_console_alone(path, ours):
    assert csrf.is_ours(path) is ours


def test_a_page_nobody_wrote_is_a_page(sign_in):
    answer = sign_in("clerk").get("/console/nothing")
    assert answer.status_code == 404
    assert "没有这个页面" in answer.text


def test_the_language_is_chosen_on_every_page(sign_in):
    browser = sign_in("clerk")
    assert "首页" in browser.get("/console").text
    page = browser.post("/console/language", {"language": "en"}, back="/console").text
    assert "Home" in page
    assert "首页" not in page
    browser.post("/console/language", {"language": "xx"}, back="/console")
    assert "Home" in browser.get("/console").text


def test_signed_out_is_signed_out(sign_in):
    browser = sign_in("clerk")
    token = browser.client.cookies["console"]
    assert "您已退出" in browser.post("/console/sign-out").text
    again = httpx.get(f"{browser.client.base_url}/console", cookies={"console": token})
    assert again.status_code == 303


def test_access_keys_and_paths_of_a_menu_are_its_own():
    menu = site.menu(frozenset(Role))
    assert len({page.key for page in menu}) == len(menu)
    known_paths = {context.path for context in routes()}
    assert {page.path for page in menu} <= known_paths


@pytest.mark.parametrize("module", ["review", "states", "roles"])
def test_the_tables_a_clerk_reads_have_english_words(module):
    tables = {
        "review": [*filter(None, REASONS.values()), *MARKS.values()],
        "states": list(ZH.values()),
        "roles": [role.zh for role in Role],
    }
    known = catalogue("en")
    assert [text for text in tables[module] if text not in known] == []


def test_every_refusal_has_english_words():
    assert [text for text in CHINESE.values() if text not in catalogue("en")] == []


def test_over_tls_the_cookies_are_the_hosts_own_and_http_is_given_up(centre):
    async def ask():
        transport = httpx.ASGITransport(build_app(centre))
        async with httpx.AsyncClient(transport=transport, base_url="https://c.example") as browser:
            return await browser.get("/console/sign-in")

    answer = asyncio.run(ask())
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-console=")
    for attribute in ("HttpOnly", "Path=/", "SameSite=strict", "Secure"):
        assert attribute in cookie
    assert "Domain" not in cookie


def test_over_http_there_is_no_such_promise(client):
    answer = client.get("/console/sign-in")
    assert "Strict-Transport-Security" not in answer.headers
    client.cookies.clear()
