"""A centre in a folder of its own, at 2026-11-23 10:00 by its clock, with the people of people.toml."""

import hashlib
import os
import queue
import secrets
import shutil
import ssl
import threading
import uuid
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from pkcs11 import Attribute
from sqlalchemy import create_engine, make_url, text

from central.app import build_app
from central.centre import Settings, open_centre, voucher_secret
from central.clock import CHINA
from central.console.cookies import proof as csrf_proof
from central.database import Database
from central.hsm.opening import DEMO, FILE, open_hsm
from central.hsm.token.objects import PIN_KEY
from central.hsm.token.opening import open_token
from central.people.seed import seed
from central.server import Server, listen
from central.users import sessions
from central.users.records import User, UserState, find_user
from deploy.pictures import jpeg, png
from deploy.postgres import NAME, Postgres
from deploy.softhsm import softhsm
from regulation.rules import load_rules
from regulation.terms import load_calendar

PEOPLE = Path(__file__).with_name("people.toml")
PORTRAIT = jpeg(b"a portrait")
SIGNATURE = png(b"a signature")
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""The tests' centre is spoken to without: it takes time to read all the world's authorities."""
RULES = Path("config/rules.toml").read_text(encoding="utf-8")


class Clock:
    """A clock that stands until it is set."""

    def __init__(self):
        self.now = datetime(2026, 11, 23, 10, 0, tzinfo=CHINA)

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def rules_text():
    """The rules; a test may replace a piece of them before it asks for the centre."""
    return RULES


@pytest.fixture(scope="session")
def kek():
    """The key-encryption key that the PIN key of `seeded` is sealed under, for `HSM_KEK`."""
    return secrets.token_hex(32)


@pytest.fixture(scope="session")
def seeded(tmp_path_factory, kek):
    """A folder with the people in it and the HSMs' PIN keys, to be copied."""
    folder = tmp_path_factory.mktemp("seeded") / "data"
    with Database(folder) as database:
        seed(database, PEOPLE, Clock().now.date())
    voucher_secret(folder)
    open_hsm(DEMO, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HSM_KEK", kek)
        open_hsm(FILE, folder)
    return folder


@pytest.fixture
def settings():
    """The centre's; a test module may have its own."""
    return Settings(agent_daily_limit=2)


@pytest.fixture(scope="session")
def postgres():
    """A PostgreSQL server: that of the test run, or one of our own."""
    if url := os.environ.get(NAME):
        yield url
        return
    with Postgres() as server:
        yield server.url


@pytest.fixture(scope="session")
def template(postgres, tmp_path_factory):
    """A PostgreSQL database with the people in it, to be copied; gives a function for a copy."""
    engine = create_engine(
        make_url(postgres).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    name = f"t{uuid.uuid4().hex}"

    def statement(text_):
        with engine.connect() as connection:
            connection.execute(text(text_))

    def url(database):
        return make_url(postgres).set(database=database).render_as_string(hide_password=False)

    @contextmanager
    def copy():
        fresh = f"t{uuid.uuid4().hex}"
        statement(f"CREATE DATABASE {fresh} TEMPLATE {name}")
        yield url(fresh)
        statement(f"DROP DATABASE {fresh} WITH (FORCE)")

    statement(f"CREATE DATABASE {name}")
    with Database(tmp_path_factory.mktemp("postgres"), url=url(name)) as database:
        seed(database, PEOPLE, Clock().now.date())
    yield copy
    statement(f"DROP DATABASE {name} WITH (FORCE)")
    engine.dispose()


@pytest.fixture
def store(request):
    """Where a centre's tables are: "sqlite", or "postgresql" for a module that asks for both.

    `pytestmark = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)`
    """
    return getattr(request, "param", "sqlite")


@pytest.fixture
def database_url(request, store):
    """The centre's URL, "" for SQLite in its folder."""
    if store == "sqlite":
        yield ""
        return
    with request.getfixturevalue("template")() as url:
        yield url


@pytest.fixture
def centre(tmp_path, seeded, clock, rules_text, settings, database_url):
    folder = shutil.copytree(seeded, tmp_path / "data")
    rules, calendar = load_rules(rules_text), load_calendar(Path("config/workdays.toml"))
    with open_centre(folder, rules, calendar, settings, clock, database_url) as it:
        yield it


@pytest.fixture(scope="session")
def served():
    """One server on a real port for all tests, each of which puts its own centre into the app."""
    app, ready = build_app(None), queue.SimpleQueue()
    with listen("127.0.0.1", 0) as listener:
        server = Server(app, listener, ready.put)
        thread = threading.Thread(target=server.run)
        thread.start()
        with httpx.Client(base_url=ready.get(timeout=20), timeout=20) as client:
            yield app, client
        server.should_exit = True
        thread.join()


@pytest.fixture
def client(served, centre):
    app, client = served
    app.state.centre = centre
    yield client
    app.state.centre = None


@pytest.fixture
def restart(served, rules_text):
    """Opens a folder again, as a fresh process would, and serves it."""

    @contextmanager
    def restart(folder):
        app, client = served
        rules, calendar = load_rules(rules_text), load_calendar(Path("config/workdays.toml"))
        with open_centre(folder, rules, calendar) as app.state.centre:
            yield client
        app.state.centre = None

    return restart


@pytest.fixture
def at_once():
    """Runs `work(i)` in threads that start together; what each raised."""

    def at_once(count, work):
        errors, start = [], threading.Barrier(count)

        def run(i):
            start.wait()
            try:
                work(i)
            except Exception as error:  # noqa: BLE001 - all are told
                errors.append(error)

        threads = [threading.Thread(target=run, args=(i,)) for i in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return errors

    return at_once


@pytest.fixture(scope="session")
def token():
    """A PKCS#11 token in software, for all tests; each names its keys by a prefix of its own."""
    with softhsm() as found:
        yield found


@pytest.fixture(scope="session")
def token_way(token, tmp_path_factory):
    """Ways to open the token, each with names of its own and no card keys.

    Their PIN key is there already, a copy of one the token made once: that takes it seconds.
    """
    folder = tmp_path_factory.mktemp("token")

    def settings(prefix):
        path = folder / f"{prefix}.toml"
        path.write_text(token.settings(f'prefix = "{prefix}"\n'))
        return path

    hsm, _ = open_token(settings("made-once-"))

    def way():
        prefix = f"{uuid.uuid4().hex[:12]}-"

        def copy(place):
            for key in place.session.get_objects({Attribute.LABEL: f"made-once-{PIN_KEY}"}):
                key.copy({Attribute.LABEL: prefix + PIN_KEY})

        hsm._sessions.use(copy, writes=True)
        return f"pkcs11:{settings(prefix)}"

    yield way
    hsm.close()


def sha256(data):
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def pictures(client):
    """The portrait and the signature, sent."""
    for data, kind in ((PORTRAIT, "image/jpeg"), (SIGNATURE, "image/png")):
        answer = client.put(
            f"/v1/images/{sha256(data)}", content=data, headers={"Content-Type": kind}
        )
        assert answer.status_code == 201


def holder(number="11010519491231002X", name="张三", paper="resident_id", **more):
    return {"paper": paper, "number": number, "name": name, **more}


@pytest.fixture
def who():
    return holder


@pytest.fixture
def ask(client):
    """Asks for eligibility; gives the whole answer."""

    def ask(applicant=None, agent=None, kind="self", service="new_individual"):
        question = {
            "service": service,
            "applicant_kind": kind,
            "applicant": applicant or holder(),
            "agent": agent,
        }
        return client.post("/v1/eligibility", json=question)

    return ask


def application(**changes):
    return {
        "service": "new_individual",
        "applicant_kind": "self",
        "kiosk_id": "0017",
        "taken_at": "2026-11-23T09:59:00+08:00",
        "applicant": holder(sex="2", birth="19491231", valid_to="长期"),
        "agent": None,
        "phone": "13800138000",
        "address": "重庆市渝中区示例路1号",
        "bank": "重庆银行",
        "signature": "screen",
        "marks": [],
        "images": [
            {"kind": "portrait", "sha256": sha256(PORTRAIT)},
            {"kind": "signature", "sha256": sha256(SIGNATURE)},
        ],
        **changes,
    }


@pytest.fixture
def order():
    return application


@pytest.fixture
def submit(client, pictures):
    """Submits the application with changes, under a fresh key unless one is given."""

    def submit(key=None, **changes):
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        return client.post("/v1/applications", json=application(**changes), headers=headers)

    return submit


@pytest.fixture
def problem():
    """The last part of a problem's type; the answer must be a whole problem."""

    def problem(answer):
        body = answer.json()
        assert answer.headers["content-type"] == "application/problem+json"
        assert body["status"] == answer.status_code
        assert body.keys() >= {"title", "detail", "retryable", "citizen_message_key", "clause"}
        urn, _, name = body["type"].rpartition(":")
        assert urn == "urn:social-card:problem"
        return name

    return problem


class Browser:
    """Somebody's browser at the console, signed in: `get`, and `post` of a page's form."""

    def __init__(self, client):
        self.client = client

    def get(self, path, **more):
        return self.client.get(path, **more)

    def post(self, path, form=None, *, back=None, follow=True, **more):
        """Send a form as its page would; a refusal comes back to `back` as a note."""
        token = csrf_proof(self.client.cookies["console"], "csrf")
        told = {"csrf": token, "back": back or path} | (form or {})
        return self.client.post(path, data=told, follow_redirects=follow, **more)


@pytest.fixture
def sign_in(client, centre):
    """Gives browsers in which somebody is signed in: `sign_in("supervisor", outlet="W301")`."""
    with ExitStack() as open_clients:

        def sign_in(*roles, login="li.na", outlet="W301", language="zh_CN"):
            now = centre.clock()
            with centre.database.write() as session:
                user = find_user(session, login) or User(
                    login=login,
                    display_name="李娜",
                    roles=list(roles or ("clerk",)),
                    outlet=outlet,
                    language=language,
                    state=UserState.ACTIVE,
                    created_at=now.isoformat(),
                    failures=0,
                    totp_step=0,
                )
                session.add(user)
                session.flush()
                token = sessions.begin(session, user, now)
            more = {"timeout": 20, "verify": NO_TLS}
            browser = httpx.Client(base_url=client.base_url, cookies={"console": token}, **more)
            return Browser(open_clients.enter_context(browser))

        yield sign_in
