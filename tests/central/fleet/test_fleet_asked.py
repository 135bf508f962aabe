"""A kiosk is asked for its log and for its screen by a real centre: kiosk/asked.py."""

import io
import secrets

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from PIL import Image

from central.fleet import asks
from central.fleet.asks import AskKind, AskState
from kiosk.asked import Answers, Asked, taking
from kiosk.attendant.sealed import unseal
from kiosk.configuration.line import Line
from kiosk.link import Centre
from kiosk.log import Log
from kiosk.pace import local_now
from tests.central.fleet.conftest import ANNA, BERT

RED = (540, 960, bytes([200, 30, 30, 255]) * 540 * 960)
LINES = b"".join(b'{"event": "started", "n": %d}\n' % n for n in range(1000))


@pytest.fixture
def key(tmp_path):
    """The operator's private key; the public one is in operator.pem."""
    made = X25519PrivateKey.generate()
    public = made.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    (tmp_path / "operator.pem").write_bytes(public)
    return made


@pytest.fixture
def asked(client, tmp_path, key):
    """Who answers for the kiosk, over a line to the centre; without its thread."""
    way = Centre(str(client.base_url), 20.0)

    def asked(log=LINES, glass=RED, pem=str(tmp_path / "operator.pem"), idle=lambda: True):
        take = taking(lambda call: call(), idle, lambda taken: taken(glass))
        answers = Answers(lambda: log, pem, take)
        return Asked(Line(way, "0017"), answers, Log(io.StringIO(), local_now))

    yield asked
    way.close()


@pytest.fixture
def ask(centre):
    def ask(kind):
        with centre.database.write() as session:
            return asks.ask(session, "0017", kind, ANNA, centre.clock(), BERT).id

    return ask


def came(centre, which):
    """The state of an ask, its reason, and what the kiosk sent."""
    with centre.database.read() as session:
        found, kept = session.get_one(asks.Ask, which), session.get(asks.Answer, which)
        return found.state, found.reason, kept and kept.data


def test_the_log_comes_sealed_for_the_operator(asked, ask, centre, key):
    which = ask(AskKind.LOGS)
    assert asked()._once() == 0
    state, _, data = came(centre, which)
    assert state is AskState.ANSWERED
    assert unseal(data, key) == LINES


def test_of_a_log_that_is_too_large_the_newest_whole_lines_come(asked, ask, centre, key):
    which = ask(AskKind.LOGS)
    log = b"".join(secrets.token_hex(500).encode() + b"\n" for _ in range(4000))
    assert asked(log)._once() == 0
    _, _, data = came(centre, which)
    got = unseal(data, key)
    assert log.endswith(b"\n" + got)
    assert len(data) <= asks.MOST < 4 * len(data)


def test_the_screen_comes_scaled_down_and_the_right_way_up(asked, ask, centre):
    which = ask(AskKind.SCREENSHOT)
    top = bytes([0, 0, 250, 255]) * 1080 * 960
    assert asked(glass=(1080, 1920, RED[2] * 2 + top))._once() == 0
    picture = Image.open(io.BytesIO(came(centre, which)[2]))
    assert (picture.format, picture.size) == ("PNG", (540, 960))
    assert (picture.getpixel((9, 9)), picture.getpixel((9, 950))) == ((0, 0, 250), (200, 30, 30))


def test_a_screen_of_noise_is_small_enough(asked, ask, centre):
    which = ask(AskKind.SCREENSHOT)
    assert asked(glass=(1080, 1920, secrets.token_bytes(1080 * 1920 * 4)))._once() == 0
    assert came(centre, which)[0] is AskState.ANSWERED


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_while_somebody_is_served_there_is_no_picture(asked, ask, centre, when):
    which, serves = ask(AskKind.SCREENSHOT), []
    moments = iter([True, False] if when == "meanwhile" else [False])
    one = asked(idle=lambda: next(moments, not serves))
    assert one._once() > 0
    assert came(centre, which) == (AskState.BUSY, "", None)
    serves.append(1)
    assert one._once() > 0
    serves.clear()
    assert one._once() == 0
    assert came(centre, which)[0] is AskState.ANSWERED


def test_a_page_that_knows_anybody_is_no_picture(asked, ask, centre):
    which = ask(AskKind.SCREENSHOT)
    assert asked(glass=None)._once() > 0
    assert came(centre, which)[0] is AskState.BUSY


@pytest.mark.parametrize("pem", ["", "/no/key.pem"])
def test_without_the_operator_s_key_no_log_comes(asked, ask, centre, pem):
    which = ask(AskKind.LOGS)
    assert asked(pem=pem)._once() == 0
    assert came(centre, which) == (AskState.FAILED, "no_key", None)


def test_what_the_centre_refuses_is_not_sent_for_ever(asked, ask, centre, monkeypatch):
    which = ask(AskKind.SCREENSHOT)
    one = asked()
    monkeypatch.setattr("kiosk.asked.png", lambda _glass: b"GIF89a")
    assert one._once() == 0
    assert came(centre, which) == (AskState.FAILED, "refused", None)


def test_without_a_centre_it_is_asked_again(asked, ask, monkeypatch):
    one = asked()
    one._line.hang_up()
    assert one._once() >= 0
    assert one._failures == 1
