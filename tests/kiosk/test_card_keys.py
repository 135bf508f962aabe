"""The kiosk's client of the card's keys, over a real centre and a wire that fails."""

import queue
import threading
from pathlib import Path

import pytest

from central.app import build_app
from central.centre import Settings, open_centre
from central.hsm import records
from central.server import Server, listen
from hardware.pin_pad.pin_block import PinBlock, account_of, encipher, seal
from hardware.secret import Secret
from hardware.social_card.keys import Challenge, Internal, KeysRefused, KeysUnreachable
from kiosk.card_keys import CentralKeys
from kiosk.link import Centre
from regulation.rules import load_rules
from regulation.terms import load_calendar
from tests.faults import proxy
from tests.faults.proxy import Proxy, Wire

CARD = bytes.fromhex("330300D15600000599110145FFFFFFFF")
SOURCE, FACTOR = bytes.fromhex("A1A2A3A4A5A6A7A8"), bytes.fromhex("B1B2B3B4B5B6B7B8")
BOTH = Challenge(FACTOR, SOURCE)
GENUINE = Internal(FACTOR, SOURCE, bytes.fromhex("7AEFF48771CBD5A2"))
CHALLENGE = bytes.fromhex("C1C2C3C4C5C6C7C8")
RELOAD = bytes.fromhex("8424000114")
APDU = bytes.fromhex("8424000114C10F439A1FE51D46EBA9BA6AC023D6C388894D8A")
PAD_KEY = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")


@pytest.fixture(scope="module")
def centre(tmp_path_factory):
    """A centre with the demo keys, on a real port."""
    rules = load_rules(Path("config/rules.toml"))
    calendar, ready = load_calendar(Path("config/workdays.toml")), queue.SimpleQueue()
    folder = tmp_path_factory.mktemp("centre")
    with (
        open_centre(folder, rules, calendar, Settings(hsm="demo")) as centre,
        listen("127.0.0.1", 0) as listener,
    ):
        server = Server(build_app(centre), listener, ready.put)
        thread = threading.Thread(target=server.run)
        thread.start()
        ready.get(timeout=20)
        yield centre, listener.getsockname()[1]
        server.should_exit = True
        thread.join()


@pytest.fixture
def wire(centre):
    wire = Proxy(centre[1])
    yield wire
    wire.set(Wire.GOOD)
    wire.stop()


@pytest.fixture
def keys(wire):
    link = Centre(wire.url, timeout_s=2)
    yield CentralKeys(link, "0017")
    link.close()


@pytest.fixture
def outcomes(centre):
    """What the centre wrote down since the test began."""

    def uses():
        with centre[0].database.read() as session:
            return [(row.kiosk_id, row.function, row.outcome) for row in records.every(session)]

    before = len(uses())
    return lambda: uses()[before:]


def pad_block(account=None):
    """What an encrypting pad gives for 112233."""
    account = account or account_of(CARD)
    with Secret(bytearray(b"112233")) as pin:
        return PinBlock(encipher(pin, account, PAD_KEY), account, terminal_key="epp-0017-01")


ASKED = {
    "holder": lambda keys: keys.holder(CARD, "03", GENUINE, BOTH),
    "reset": lambda keys: keys.reset(CARD, "03", BOTH),
    "reload": lambda keys: keys.reload(CARD, "03", CHALLENGE, RELOAD, pad_block()),
    "unblock": lambda keys: keys.unblock(CARD, "03", CHALLENGE),
    "pin_key": lambda keys: keys.pin_key(),
}
ALL = pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)


def test_a_genuine_card_opens_its_holder(keys, outcomes):
    assert keys.holder(CARD, "03", GENUINE, BOTH) == bytes.fromhex("DD858F94FB936612") + FACTOR
    assert outcomes() == [("0017", "internal", "done"), ("0017", "external_holder", "done")]


def test_a_card_that_is_not_genuine_is_refused_by_the_word_the_card_knows(keys):
    forged = Internal(FACTOR, SOURCE, bytes(8))
    with pytest.raises(KeysRefused) as refused:
        keys.holder(CARD, "03", forged, BOTH)
    assert refused.value.reason == "not_genuine"


def test_a_reset_is_opened(keys):
    assert keys.reset(CARD, "03", BOTH) == bytes.fromhex("DCC504FBD14ABA23") + FACTOR


def test_a_new_pin_by_a_pad(keys):
    assert keys.reload(CARD, "03", CHALLENGE, RELOAD, pad_block()) == APDU


def test_a_new_pin_by_the_screens_keypad(keys):
    with Secret(bytearray(b"112233")) as pin:
        block = seal(pin, account_of(CARD), keys.pin_key())
    assert keys.reload(CARD, "03", CHALLENGE, RELOAD, block) == APDU


def test_the_header_of_the_profile_is_asked_for(keys):
    header = bytes.fromhex("84D4000114")
    assert keys.reload(CARD, "03", CHALLENGE, header, pad_block()).startswith(header)


def test_unblock(keys):
    assert keys.unblock(CARD, "03", CHALLENGE).hex() == "8424000004b9d82199"


def test_the_centres_no_is_named(keys):
    for ask, reason in (
        (lambda: keys.unblock(CARD, "02", CHALLENGE), "card_algorithm_not_taken"),
        (lambda: keys.unblock(CARD[:-1], "03", CHALLENGE), "invalid"),
        (
            lambda: keys.reload(CARD, "03", CHALLENGE, RELOAD, pad_block("000000000000")),
            "pin_block_not_taken",
        ),
    ):
        with pytest.raises(KeysRefused) as refused:
            ask()
        assert refused.value.reason == reason


def test_a_pin_that_is_no_block_is_not_sent(keys, wire):
    with pytest.raises(TypeError):
        keys.reload(CARD, "03", CHALLENGE, RELOAD, "112233")
    assert wire.passed == []


@ALL
def test_nobody_listens(keys, wire, ask):
    wire.set(Wire.REFUSED)
    with pytest.raises(KeysUnreachable):
        ask(keys)


@ALL
@pytest.mark.parametrize("fault", [Wire.ERROR_500, Wire.GARBAGE, Wire.NOT_JSON, Wire.NO_REPLY])
def test_no_answer_that_can_be_read(keys, wire, ask, fault):
    wire.set(fault)
    with pytest.raises(KeysUnreachable):
        ask(keys)
    wire.set(Wire.GOOD)
    assert ask(keys)


def test_an_answer_that_hangs_ends_by_the_links_time_out(wire):
    link = Centre(wire.url, timeout_s=0.3)
    wire.set(Wire.HANG)
    with pytest.raises(KeysUnreachable):
        CentralKeys(link, "0017").reset(CARD, "03", BOTH)
    link.close()


class LosesOne(Proxy):
    """Loses the first answer to each path, and no more."""

    def fate(self, path):
        wire, order = super().fate(path)
        return (wire if any(path in row for row in self.passed) else Wire.NO_REPLY), order


@pytest.mark.parametrize(
    ("name", "path"),
    [("reload", "/v1/card-keys/pin-reset/reload"), ("unblock", "/v1/card-keys/unblock")],
)
def test_a_lost_command_is_asked_for_again_and_made_once(centre, outcomes, name, path):
    wire = LosesOne(centre[1])
    link = Centre(wire.url, timeout_s=2)
    try:
        assert len(ASKED[name](CentralKeys(link, "0017"))) in {9, 25}
        assert wire.passed == [f"POST {path}"] * 2
        assert outcomes() == [("0017", name, "done")]
    finally:
        link.close()
        wire.stop()


def test_a_refusal_shows_nothing_of_what_was_asked(keys):
    with pytest.raises(KeysRefused) as refused:
        keys.unblock(CARD, "02", CHALLENGE)
    for secret in (CARD.hex().upper(), CHALLENGE.hex().upper()):
        assert secret not in f"{refused.value!r} {refused.value}".upper()
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


@pytest.mark.parametrize("answer", [b"{}", b'{"external": 7}', b'{"external": "no"}'])
def test_an_answer_without_the_bytes_is_none(wire, keys, monkeypatch, answer):
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(answer)
    monkeypatch.setitem(proxy._ANSWERS, Wire.NOT_JSON, head + answer)
    wire.set(Wire.NOT_JSON)
    for ask in (ASKED["reset"], ASKED["pin_key"]):
        with pytest.raises(KeysUnreachable):
            ask(keys)
