"""The card's keys over HTTP: what a kiosk is told, what it is refused, and what is written down."""

import json
import logging
import os
import secrets
import uuid
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_public_key,
)
from sqlalchemy import text

from central.__main__ import main
from central.centre import Settings, open_centre
from central.database import StoreError
from central.hsm import records
from central.hsm.arithmetic import SM4, TDES, authenticate, diversify, wipe
from central.hsm.demo import PIN_KEY_FILE
from central.hsm.opening import DEMO, open_hsm
from central.hsm.pin_block import account, account_field
from central.hsm.port import Card, Challenge, Opens, PinBlock, WrappedKey
from central.hsm.schemas import ReloadRequest
from regulation.rules import load_rules
from regulation.terms import load_calendar

KEY = "01890a5d-ac96-774b-bcce-b302099a8057"
CARD_A = "330300D15600000599110145FFFFFFFF"
CARD_B = "500000D15600000500000001FFFFFFFF"
SOURCE, FACTOR = "A1A2A3A4A5A6A7A8", "B1B2B3B4B5B6B7B8"
CHALLENGE = "C1C2C3C4C5C6C7C8"
BOTH = {"factor": FACTOR, "source": SOURCE}
WHO = {"kiosk_id": "0017", "card_id": CARD_A, "algorithm": "03"}
PAD_KEY = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
IRK, RPK = bytes(range(16)), bytes(range(0x30, 0x40))
GENUINE = "7AEFF48771CBD5A2"
STEPS = ("holder", "pin-reset/authentication", "pin-reset/reload", "unblock")


@pytest.fixture
def settings():
    return Settings(hsm=DEMO)


def holder_request(answer=GENUINE, **changes):
    return WHO | {"internal": BOTH | {"answer": answer}, "external": BOTH} | changes


def block(pin="112233", key=PAD_KEY, card_id=CARD_A):
    """The two encipherments of format 4, by hand."""
    field = bytes.fromhex(f"4{len(pin):X}{pin}".ljust(16, "A")) + secrets.token_bytes(8)
    digits = account_field(account(bytes.fromhex(card_id)))
    mixed = bytes(a ^ b for a, b in zip(SM4.encipher(key, field), digits, strict=True))
    return SM4.encipher(key, mixed).hex().upper()


def terminal_pin(name="epp-0017-01", card_id=CARD_A, **changes):
    bound = account(bytes.fromhex(card_id))
    return {"block": block(card_id=card_id), "account": bound, "terminal_key": name} | changes


def reload_request(pin=None, **changes):
    more = {"header": "84240001", "challenge": CHALLENGE, "pin": pin or terminal_pin()}
    return WHO | more | changes


def unblock_request(**changes):
    return WHO | {"challenge": CHALLENGE} | changes


REQUESTS = {
    "holder": holder_request,
    "pin-reset/authentication": lambda: WHO | {"external": BOTH},
    "pin-reset/reload": reload_request,
    "unblock": unblock_request,
}


@pytest.fixture
def step(client):
    """Asks for a step of the HSM, under a fresh key unless one is given."""

    def step(name, body, key=None):
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        return client.post(f"/v1/card-keys/{name}", json=body, headers=headers)

    return step


@pytest.fixture
def uses(centre):
    """What was written down, as (function, outcome)."""

    def uses():
        with centre.database.read() as session:
            return [(row.function, row.outcome) for row in records.every(session)]

    return uses


@pytest.fixture
def wrapped_pin(client):
    """A block under a key of its own, wrapped to the centre's PIN key."""

    def wrapped_pin(pin="112233", key=None, **changes):
        centre = client.get("/v1/card-keys/pin-key").json()
        key = secrets.token_bytes(16) if key is None else key
        oaep = padding.OAEP(padding.MGF1(SHA256()), SHA256(), None)
        wrapped = load_pem_public_key(centre["public_key"].encode()).encrypt(key, oaep)
        made = {
            "block": block(pin, key if len(key) == 16 else PAD_KEY),
            "account": account(bytes.fromhex(CARD_A)),
            "key_id": centre["key_id"],
            "wrapped_key": wrapped.hex(),
        }
        return made | changes

    return wrapped_pin


def test_a_genuine_card_opens_its_holder(step, uses):
    answer = step("holder", holder_request())
    assert (answer.status_code, answer.json()) == (200, {"external": "DD858F94FB936612" + FACTOR})
    assert uses() == [("internal", "done"), ("external_holder", "done")]


def test_either_case_is_taken_and_upper_case_given(step):
    body = json.loads(json.dumps(holder_request()).lower())
    assert step("holder", body).json() == {"external": "DD858F94FB936612" + FACTOR}


@pytest.mark.parametrize("answer", ["7AEFF48771CBD5A3", "0000000000000000"])
def test_a_card_that_is_not_genuine_opens_nothing(step, uses, problem, answer):
    refused = step("holder", holder_request(answer))
    assert (refused.status_code, problem(refused)) == (409, "card-not-genuine")
    assert refused.json()["clause"] is None
    assert uses() == [("internal", "card-not-genuine")]


def test_the_answer_of_another_card_is_not_genuine(step, problem):
    assert problem(step("holder", holder_request(card_id=CARD_B))) == "card-not-genuine"


def test_a_reset_is_opened_by_its_own_key(step, uses):
    answer = step("pin-reset/authentication", WHO | {"external": BOTH})
    assert answer.json() == {"external": "DCC504FBD14ABA23" + FACTOR}
    assert uses() == [("external_pin_reset", "done")]


def test_unblock_of_the_vector(step, uses):
    assert step("unblock", unblock_request()).json() == {"apdu": "8424000004B9D82199"}
    assert uses() == [("unblock", "done")]


def test_reload_of_the_vector_by_a_pads_key(step, uses):
    apdu = "8424000114C10F439A1FE51D46EBA9BA6AC023D6C388894D8A"
    assert step("pin-reset/reload", reload_request()).json() == {"apdu": apdu}
    assert uses() == [("reload", "done")]


def test_reload_of_the_vector_by_a_wrapped_key(centre, wrapped_pin):
    """The vector's PIN is one that the centre's judge would refuse; the port alone does not ask."""
    body = ReloadRequest.model_validate(reload_request(wrapped_pin("12345")))
    header, challenge = bytes.fromhex(body.header), bytes.fromhex(body.challenge)
    apdu = centre.hsm.reload(body.card(), header, challenge, body.pin.pin())
    assert apdu.hex().upper() == "84240001143A2E25DF8AF9057E0025BE53C6C516DABDE0F738"


def test_a_3des_card_has_its_own_commands(step):
    proof = step("pin-reset/authentication", WHO | {"external": BOTH, "algorithm": "01"}).json()
    key = diversify(TDES, RPK, bytes.fromhex(CARD_A))
    own = authenticate(TDES, key, bytes.fromhex(FACTOR), bytes.fromhex(SOURCE))
    assert proof["external"] == own.hex().upper() + FACTOR
    apdu = step("pin-reset/reload", reload_request(algorithm="01", header="84d40001")).json()
    assert apdu["apdu"].startswith("84D400010C")
    assert len(apdu["apdu"]) == 2 * 17


@pytest.mark.parametrize("algorithm", ["00", "02"])
@pytest.mark.parametrize("name", STEPS)
def test_an_algorithm_without_keys_is_refused(step, problem, uses, name, algorithm):
    answer = step(name, REQUESTS[name]() | {"algorithm": algorithm})
    assert (answer.status_code, problem(answer)) == (422, "card-algorithm-not-taken")
    assert [outcome for _, outcome in uses()] == ["card-algorithm-not-taken"]


@pytest.mark.parametrize(
    "pin",
    [
        terminal_pin(account="000000000000"),
        terminal_pin(card_id=CARD_B),
        terminal_pin(block=block(key=bytes(16))),
        terminal_pin(block=block(card_id=CARD_B)),
    ],
    ids=["account", "another card", "another key", "another card's block"],
)
def test_a_block_that_is_not_for_this_card_is_refused(step, problem, uses, pin):
    answer = step("pin-reset/reload", reload_request(pin), KEY)
    assert (answer.status_code, problem(answer)) == (422, "pin-block-not-taken")
    assert uses() == [("reload", "pin-block-not-taken")]
    assert step("pin-reset/reload", reload_request(), KEY).status_code == 200


def test_a_wrapped_key_that_is_none_is_refused(step, problem, wrapped_pin):
    short = wrapped_pin(key=bytes(15))
    garbage = wrapped_pin(wrapped_key="5A" * 384)
    for pin in (short, garbage):
        assert problem(step("pin-reset/reload", reload_request(pin))) == "pin-block-not-taken"


def test_a_key_the_hsm_does_not_know_is_refused(step, problem, wrapped_pin, uses):
    pins = (terminal_pin("epp-0017-02"), wrapped_pin(key_id="0" * 16))
    for pin in pins:
        assert problem(step("pin-reset/reload", reload_request(pin))) == "pin-key-unknown"
    assert uses() == [("reload", "pin-key-unknown")] * 2


def test_a_pads_key_is_of_no_use_to_another_kiosk(step, problem):
    answer = step("pin-reset/reload", reload_request(kiosk_id="0018"))
    assert problem(answer) == "pin-key-unknown"


@pytest.mark.parametrize("header", ["84240000", "00200000", "84DC0001", "8424000114", "8424000"])
def test_no_other_command_gets_a_mac(step, problem, uses, header):
    answer = step("pin-reset/reload", reload_request(header=header))
    assert (answer.status_code, problem(answer)) == (422, "invalid")
    assert uses() == []


@pytest.mark.parametrize(
    "body",
    [
        unblock_request(challenge="C1C2C3C4C5C6C7"),
        unblock_request(challenge="C1C2C3C4C5C6C7C8\n"),
        unblock_request(challenge="C1C2C3C4C5C6C7CX"),
        unblock_request(card_id=CARD_A[:-2]),
        unblock_request(card_id=330300),
        unblock_request(algorithm="04"),
        unblock_request(algorithm=3),
        unblock_request(kiosk_id="17"),
        unblock_request(more=1),
    ],
)
def test_a_request_that_is_not_of_the_contract_uses_no_key(step, problem, uses, body):
    answer = step("unblock", body)
    assert (answer.status_code, problem(answer)) == (422, "invalid")
    assert uses() == []


def test_a_pin_has_one_kind_of_key(step, problem, wrapped_pin):
    both = wrapped_pin(terminal_key="epp-0017-01")
    neither = terminal_pin()
    del neither["terminal_key"]
    for pin in (both, neither):
        assert problem(step("pin-reset/reload", reload_request(pin))) == "invalid"


@pytest.mark.parametrize("name", ["pin-reset/reload", "unblock"])
def test_a_binding_step_has_a_key(client, problem, name):
    answer = client.post(f"/v1/card-keys/{name}", json=REQUESTS[name]())
    assert (answer.status_code, problem(answer)) == (400, "key-missing")


@pytest.mark.parametrize("name", ["pin-reset/reload", "unblock"])
def test_the_same_key_gets_the_same_command_and_uses_the_card_key_once(
    step, client, uses, problem, name
):
    body = REQUESTS[name]()
    first, again = step(name, body, KEY), step(name, json.loads(json.dumps(body).lower()), KEY)
    assert (again.status_code, again.json()) == (200, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(uses()) == 1
    assert client.get(f"/v1/requests/{KEY}").json()["body"] == first.json()
    other = step(name, body | {"challenge": SOURCE}, KEY)
    assert problem(other) == "key-reused"
    assert len(uses()) == 1


def test_what_a_key_did_is_written_down_or_was_not_done(centre, client, step, problem):
    """One transaction: without its row there is no answer, and none is kept."""
    with centre.database.write() as session:
        session.execute(text("DROP TABLE key_use"))
    for name in STEPS:
        answer = step(name, REQUESTS[name](), KEY)
        assert (answer.status_code, problem(answer)) == (503, "busy")
    assert problem(client.get(f"/v1/requests/{KEY}")) == "request-unknown"


def test_a_centre_without_card_keys_says_so(tmp_path, restart, problem):
    (tmp_path / "none").mkdir()
    with restart(tmp_path / "none") as client:
        headers = {"Idempotency-Key": KEY}
        answers = [
            client.post(f"/v1/card-keys/{name}", json=REQUESTS[name](), headers=headers)
            for name in STEPS
        ]
        answers.append(client.get("/v1/card-keys/pin-key"))
        assert {(row.status_code, problem(row)) for row in answers} == {(409, "card-keys-missing")}


def test_the_pin_key_is_made_once_and_is_the_owners_alone(tmp_path):
    rules = load_rules(Path("config/rules.toml"))
    calendar = load_calendar(Path("config/workdays.toml"))
    with open_centre(tmp_path, rules, calendar, Settings(hsm=DEMO)) as first:
        key = first.hsm.pin_key()
    with open_centre(tmp_path, rules, calendar, Settings(hsm=DEMO)) as second:
        assert second.hsm.pin_key() == key
    file = tmp_path / PIN_KEY_FILE
    assert file.stat().st_mode & 0o777 == 0o600
    assert load_pem_public_key(key.public_key.encode()).key_size == 3072
    assert {path.name for path in tmp_path.glob("pin_key*")} == {PIN_KEY_FILE}


def pem(key, cipher=None):
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, cipher or NoEncryption())


@pytest.mark.parametrize(
    "text",
    [
        b"no key",
        pem(ec.generate_private_key(ec.SECP256R1())),
        pem(ec.generate_private_key(ec.SECP256R1()), BestAvailableEncryption(b"x")),
    ],
    ids=["text", "another kind", "under a password"],
)
def test_a_file_that_is_no_pin_key_is_refused_in_a_sentence(tmp_path, text):
    (tmp_path / PIN_KEY_FILE).write_bytes(text)
    rules = load_rules(Path("config/rules.toml"))
    calendar = load_calendar(Path("config/workdays.toml"))
    with pytest.raises(StoreError, match="put the right one back"):
        open_centre(tmp_path, rules, calendar, Settings(hsm=DEMO))


def test_the_demo_keys_come_by_their_name_alone(tmp_path):
    assert Settings().hsm == "none"
    for name in ("production", "", "pkcs11", "pkcs11:"):
        with pytest.raises(ValueError, match="no HSM"):
            open_hsm(name, tmp_path)


def test_the_uses_are_printed(step, centre, capsys):
    step("holder", holder_request("0" * 16))
    step("unblock", unblock_request())
    umask = os.umask(0o077)
    try:
        assert main(["keys", "--data", str(centre.folder)]) == 0
    finally:
        os.umask(umask)
    card = "973876b9526b70da"  # sha256sum of the 16 bytes
    at = "2026-11-23T10:00:00+08:00"
    row = {"at": at, "kiosk_id": "0017", "card": card}
    assert json.loads(capsys.readouterr().out) == [
        row | {"function": "internal", "outcome": "card-not-genuine", "key": "IRK-SM4"},
        row | {"function": "unblock", "outcome": "done", "key": "PUK-SM4"},
    ]


def test_nothing_secret_is_written_down_logged_or_shown(step, wrapped_pin, centre, client, caplog):
    """Neither in the audit, the log, a problem, the contract nor in what a debugger prints."""
    key = secrets.token_bytes(16)
    with caplog.at_level(logging.DEBUG):
        pin = wrapped_pin(key=key)
        made = step("pin-reset/reload", reload_request(pin))
        refused = step("pin-reset/reload", reload_request(terminal_pin(account="0" * 12)))
        step("holder", holder_request("0" * 16))
    with centre.database.read() as session:
        audit = str([records.export(row) for row in records.every(session)])
    card = Card(bytes.fromhex(CARD_A), "03")
    challenge = Challenge(bytes.fromhex(FACTOR), bytes.fromhex(SOURCE))
    carried = PinBlock(bytes(16), "836746715354", WrappedKey("0" * 16, key))
    shown = repr([centre, centre.hsm, card, challenge, carried, Opens.HOLDER])
    contract = client.get("/v1/openapi.json").text
    private = (centre.folder / PIN_KEY_FILE).read_text().splitlines()[1]
    for told in (audit, caplog.text, refused.text, contract):
        lower = told.lower()
        for secret in (key.hex(), pin["block"], CARD_A, CHALLENGE, FACTOR, GENUINE, private):
            assert secret.lower() not in lower
        assert made.json()["apdu"].lower() not in lower
    for secret in (repr(key), key.hex(), repr(card.id), repr(challenge.factor), "836746715354"):
        assert secret not in shown
    for master in (IRK, RPK, PAD_KEY):
        for told in (audit, caplog.text, contract, shown):
            assert master.hex() not in told.lower()
            assert repr(master) not in told


def test_the_clear_pin_is_wiped_in_the_hsm(step, monkeypatch):
    wiped = []

    def watched(buffer):
        before = bytes(buffer)
        wipe(buffer)
        wiped.append((before, bytes(buffer)))

    monkeypatch.setattr("central.hsm.software.wipe", watched)
    step("pin-reset/reload", reload_request())
    assert wiped == [(bytes.fromhex("03112233"), bytes(4))]
