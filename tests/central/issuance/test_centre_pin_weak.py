"""A new PIN that is easily guessed is refused by the name of its rule, where alone it is clear."""

import uuid

import pytest

from central.hsm.records import every
from central.issuance.pin_reset_records import PinReset
from central.people.records import Person
from hardware.pin_pad.pin_block import CentreKey, account_of, seal
from hardware.secret import Secret

pytestmark = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)

CARD = "500000D15600000500000001FFFFFFFF"  # A00000001, of 50010319850612019X, 13800138000
KIOSK = {"X-Device": "kiosk:0017"}


@pytest.fixture
def prepare(client):
    def prepare():
        headers = KIOSK | {"Idempotency-Key": str(uuid.uuid4())}
        body = {"kiosk_id": "0017", "card_id": CARD, "nonce": uuid.uuid4().hex}
        return client.post("/v1/pin-resets", json=body, headers=headers).json()["reset_id"]

    return prepare


@pytest.fixture
def reload(client):
    """Asks for RELOAD with a PIN."""

    def reload(pin, reset_id, card_id=CARD):
        found = client.get("/v1/card-keys/pin-key", headers=KIOSK).json()
        key = CentreKey(found["public_key"].encode(), found["key_id"])
        with Secret(bytearray(pin, "ascii")) as secret:
            block = seal(secret, account_of(bytes.fromhex(card_id)), key)
        body = {
            "kiosk_id": "0017",
            "card_id": card_id,
            "algorithm": "03",
            "header": "84240001",
            "challenge": "2" * 16,
            "pin": {
                "block": block.block.hex(),
                "account": block.account,
                "key_id": block.key_id,
                "wrapped_key": block.wrapped_key.hex(),
            },
            "reset_id": reset_id,
        }
        headers = KIOSK | {"Idempotency-Key": str(uuid.uuid4())}
        return client.post("/v1/card-keys/pin-reset/reload", json=body, headers=headers)

    return reload


WEAK = {
    "123456": "initial",
    "888888": "repeated",
    "456789": "sequence",
    "850612": "birthday",
    "198506": "birthday",
    "103198": "id_part",
    "000001": "repeated",
    "001380": "phone_part",
}


@pytest.mark.parametrize("pin", WEAK)
def test_a_weak_pin_is_refused_by_its_rule_and_uses_nothing_up_5(
    prepare, reload, look, problem, pin, caplog
):
    reset_id = prepare()
    answer = reload(pin, reset_id)
    assert (answer.status_code, problem(answer)) == (422, "pin-weak")
    told = answer.json()
    assert (told["citizen_message_key"], told["rule"]) == ("F23", WEAK[pin])
    assert pin not in answer.text + caplog.text
    assert look(lambda session: session.get(PinReset, reset_id).state) == "PREPARED"
    assert [row.outcome for row in look(every)] == ["pin-weak"]
    assert reload("802517", reset_id).status_code == 200


def test_a_part_of_the_cards_number_5(prepare, reload):
    told = reload("00000001", prepare()).json()
    assert told["rule"] in {"card_part", "repeated"}


def test_another_phone_refuses_other_pins_5(prepare, reload, turn):
    def phone(session):
        session.get(Person, "50010319850612019X").phone = "13871240986"

    turn(phone)
    assert reload("712409", prepare()).json()["rule"] == "phone_part"


def test_a_card_of_elsewhere_is_judged_by_what_is_known_5(reload):
    other = "510000D15600000500000077FFFFFFFF"
    assert reload("123456", None, other).json()["rule"] == "initial"
    assert reload("850612", None, other).status_code == 200
