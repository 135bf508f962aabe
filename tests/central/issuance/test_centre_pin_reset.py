"""A PIN reset as a transaction: authorised, used once, told; on both stores."""

import json
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from central.audit.records import AuditEntry
from central.cards.ledger import befall
from central.cards.records import find_card
from central.cards.states import CardEvent
from central.hsm.port import HsmRefused
from central.hsm.records import every
from central.issuance.pin_reset_records import PinReset
from central.notices.records import Notice
from central.problems import Kind
from hardware.pin_pad.pin_block import CentreKey, account_of, seal
from hardware.secret import Secret
from regulation.rules import load_rules

pytestmark = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)

CARD = "500000D15600000500000001FFFFFFFF"  # card A00000001, in use
NONCE = "00112233445566778899AABBCCDDEEFF"
REPORT_LOSS = CardEvent.REPORT_LOSS
KIOSK = {"X-Device": "kiosk:0017"}


@pytest.fixture
def ask(client):
    """POSTs as kiosk 0017, with a fresh key unless told."""

    def ask(path, body, key=None, headers=None):
        told = (headers or KIOSK) | {"Idempotency-Key": key or str(uuid.uuid4())}
        return client.post(f"/v1/{path}", json=body, headers=told)

    return ask


@pytest.fixture
def prepare(ask):
    def prepare(key=None, **changes):
        body = {"kiosk_id": "0017", "card_id": CARD, "nonce": uuid.uuid4().hex} | changes
        return ask("pin-resets", body, key)

    return prepare


@pytest.fixture
def authenticate(ask):
    def authenticate(reset_id, **changes):
        challenge = {"factor": "0" * 16, "source": "1" * 16}
        body = {"kiosk_id": "0017", "card_id": CARD, "algorithm": "03", "external": challenge}
        return ask("card-keys/pin-reset/authentication", body | {"reset_id": reset_id} | changes)

    return authenticate


@pytest.fixture
def reload(ask, client):
    """Asks for the RELOAD command, with a PIN block of the screen's keypad."""

    def reload(reset_id, key=None, **changes):
        found = client.get("/v1/card-keys/pin-key", headers=KIOSK).json()
        with Secret(bytearray(b"112233")) as pin:
            account = account_of(bytes.fromhex(CARD))
            block = seal(pin, account, CentreKey(found["public_key"].encode(), found["key_id"]))
        sealed = {
            "block": block.block.hex(),
            "account": block.account,
            "key_id": block.key_id,
            "wrapped_key": block.wrapped_key.hex(),
        }
        body = {
            "kiosk_id": "0017",
            "card_id": CARD,
            "algorithm": "03",
            "header": "84240001",
            "challenge": "2" * 16,
            "pin": sealed,
            "reset_id": reset_id,
        }
        return ask("card-keys/pin-reset/reload", body | changes, key)

    return reload


def state(look, reset_id):
    return look(lambda session: session.get(PinReset, reset_id).state)


def test_prepared_used_once_and_confirmed(prepare, authenticate, reload, ask, look, problem):
    key = str(uuid.uuid4())
    answer = prepare(key, nonce=NONCE)
    assert (answer.status_code, answer.json()["reset_id"]) == (201, key)
    assert prepare(key, nonce=NONCE).json() == answer.json()
    assert authenticate(key).status_code == 200
    assert reload(key).status_code == 200
    assert state(look, key) == "USED"
    assert problem(reload(key)) == "pin-reset-over"
    assert problem(authenticate(key)) == "pin-reset-over"
    for _ in range(2):
        told = ask(f"pin-resets/{key}/confirm", {"outcome": "changed"})
        assert told.json() == {"state": "confirmed"}
    taken_back = ask(f"pin-resets/{key}/reverse", {"reason": "timeout"})
    assert problem(taken_back) == "pin-reset-confirmed"
    rows = look(lambda session: session.query(AuditEntry).all())
    assert [row.action for row in rows] == [
        "pin_reset.prepare",
        "pin_reset.use",
        "pin_reset.confirm",
    ]
    assert not any(CARD in row.details + row.target for row in rows)


def test_it_is_bound_to_its_card_its_kiosk_and_its_time(
    prepare, authenticate, reload, clock, problem
):
    key = prepare().json()["reset_id"]
    other = "500000D15600000500000002FFFFFFFF"
    assert problem(authenticate(key, card_id=other)) == "pin-reset-unknown"
    assert problem(authenticate(str(uuid.uuid4()))) == "pin-reset-unknown"
    clock.now += timedelta(minutes=5)
    assert problem(authenticate(key)) == "pin-reset-over"
    assert problem(reload(key)) == "pin-reset-over"


def test_a_nonce_is_used_once(prepare, problem):
    prepare(nonce=NONCE)
    assert problem(prepare(nonce=NONCE)) == "pin-reset-over"


def test_a_reversal_that_comes_first_blocks_it(prepare, ask, authenticate, problem):
    key = str(uuid.uuid4())
    for _ in range(2):
        assert ask(f"pin-resets/{key}/reverse", {"reason": "timeout"}).json() == {
            "state": "reversed"
        }
    assert problem(prepare(key)) == "pin-reset-over"
    assert problem(authenticate(key)) == "pin-reset-over"


def test_who_does_not_know_says_so_reads_the_card_and_says_then(
    prepare, reload, ask, look, problem
):
    key = prepare().json()["reset_id"]
    early = ask(f"pin-resets/{key}/confirm", {"outcome": "changed"})
    assert problem(early) == "pin-reset-over"  # no RELOAD was made yet
    reload(key)
    told = ask(f"pin-resets/{key}/confirm", {"outcome": "unknown"})
    assert (told.json(), state(look, key)) == ({"state": "unknown"}, "UNKNOWN")
    assert problem(reload(key)) == "pin-reset-over"
    ask(f"pin-resets/{key}/confirm", {"outcome": "unchanged"})
    assert state(look, key) == "CONFIRMED"


@pytest.mark.parametrize("by_agent", [True, False])
def test_the_holder_is_told_of_an_agents_reset(prepare, reload, look, by_agent):
    reload(prepare(by_agent=by_agent).json()["reset_id"])
    kinds = [row.kind for row in look(lambda session: session.query(Notice).all())]
    assert kinds == ["PIN_RESET_BY_AGENT"] * by_agent


def test_another_kiosk_settles_nothing(prepare, ask, problem, look):
    key = prepare().json()["reset_id"]
    other = {"X-Device": "kiosk:0018"}
    for step, body in (("confirm", {"outcome": "unchanged"}), ("reverse", {"reason": "timeout"})):
        answer = ask(f"pin-resets/{key}/{step}", body, headers=other)
        assert problem(answer) == "kiosk-is-another"
    assert state(look, key) == "PREPARED"


def test_a_card_that_is_not_in_use_gets_none(prepare, problem):
    unknown = prepare(card_id="500000D15600000500000009FFFFFFF0")
    assert problem(unknown) == "card-state-forbids"
    cancelled = prepare(card_id="500000D15600000500000009FFFFFFFF")
    assert (problem(cancelled), cancelled.json()["reason_zh"]) == (
        "card-state-forbids",
        "这张卡已注销",
    )


@pytest.mark.parametrize("prepared", [True, False])
def test_a_card_that_was_reported_lost_meanwhile_is_told_nothing(
    prepare, authenticate, reload, ask, turn, act, problem, prepared
):
    key = prepare().json()["reset_id"] if prepared else None
    turn(lambda session: befall(session, find_card(session, "A00000001"), REPORT_LOSS, act()))
    unblock = {"kiosk_id": "0017", "card_id": CARD, "algorithm": "03", "challenge": "2" * 16}
    for told in (authenticate(key), reload(key), ask("card-keys/unblock", unblock)):
        assert (problem(told), told.json()["reason_zh"]) == ("card-state-forbids", "这张卡已挂失")


def test_an_hsm_that_was_away_uses_nothing_up(prepare, reload, served, centre, look, problem):
    """The same request may be sent again, as its problem says; an agent's holder is told once."""

    class Away:
        def __getattr__(self, name):
            return getattr(centre.hsm, name)

        def reload(self, *_arguments):
            raise HsmRefused(Kind.HSM_UNAVAILABLE)

    reset_id, key = prepare(by_agent=True).json()["reset_id"], str(uuid.uuid4())
    served[0].state.centre = replace(centre, hsm=Away())
    assert problem(reload(reset_id, key)) == "hsm-unavailable"
    assert state(look, reset_id) == "PREPARED"
    served[0].state.centre = centre
    assert reload(reset_id, key).status_code == 200
    assert state(look, reset_id) == "USED"
    assert len(look(lambda session: session.query(Notice).all())) == 1


def test_of_two_reloads_at_once_one_is_made(prepare, reload, served, centre, look, problem):
    class Twice:
        answers = ()

        def __getattr__(self, name):
            return getattr(centre.hsm, name)

        def reload(self, *arguments):
            served[0].state.centre = centre
            self.answers = (*self.answers, reload(reset_id))
            return centre.hsm.reload(*arguments)

    reset_id, hsm = prepare().json()["reset_id"], Twice()
    served[0].state.centre = replace(centre, hsm=hsm)
    assert problem(reload(reset_id)) == "pin-reset-over"
    assert [answer.status_code for answer in hsm.answers] == [200]
    assert [row.outcome for row in look(every)] == ["pin-reset-over", "done"]


def test_a_reset_without_a_transaction_still_works(authenticate, reload):
    assert authenticate(None).status_code == 200
    assert reload(None).status_code == 200


LIU = {"paper": "resident_id", "number": "50010319850612019X", "name": "刘强"}
HIS_CARD = {"paper": "ss_card", "number": "A00000001", "name": "刘强"}
AGENT = {"paper": "resident_id", "number": "11010519491231002X", "name": "张三"}


def asked(agent=None, applicant=None):
    kind = "agent_adult" if agent else "self"
    whose = applicant or (HIS_CARD if agent else LIU)
    return {"service": "pin_reset", "applicant_kind": kind, "applicant": whose, "agent": agent}


@pytest.fixture
def policy(centre):
    """Sets a switch of the rules, or the centre's mode."""

    def policy(**switches):
        centre.rules.switches = replace(centre.rules.switches, **switches)

    return policy


@pytest.fixture
def order_of(client, pictures, order):
    """The application for a reset, sent."""

    def order_of(reset_id, agent=None, **changes):
        body = order(
            service="pin_reset",
            applicant_kind="agent_adult" if agent else "self",
            applicant=HIS_CARD if agent else LIU,
            agent=agent,
            reset_id=reset_id,
        )
        headers = KIOSK | {"Idempotency-Key": str(uuid.uuid4())}
        return client.post("/v1/applications", json=body | changes, headers=headers)

    return order_of


def notices(look):
    return [row.kind for row in look(lambda session: session.query(Notice).all())]


def recorded(look):
    rows = look(lambda session: session.query(AuditEntry).all())
    return [json.loads(row.details) for row in rows if row.action == "card.pin_reset"]


def test_the_right_to_a_reset_is_judged_before_it_5_1(prepare, problem, look):
    other = "500000D15600000500000002FFFFFFFF"
    refused = {
        "not-allowed": {"asked": asked() | {"applicant_kind": "unit_clerk"}},
        "agent-missing": {"asked": asked(applicant=HIS_CARD) | {"applicant_kind": "agent_adult"}},
        "paper-not-accepted": {"asked": asked(AGENT, LIU)},
        "unknown-person": {"asked": asked(applicant=LIU | {"name": "王五"})},
        "no-card": {"asked": asked(applicant=AGENT)},
        "card-unknown": {"asked": asked(), "card_id": other},
        "invalid": {"asked": asked() | {"service": "pin_change"}},
    }
    for name, body in refused.items():
        assert problem(prepare(**body)) == name
    assert prepare(asked=asked()).status_code == 201
    key = prepare(asked=asked(AGENT)).json()["reset_id"]
    assert look(lambda session: session.get(PinReset, key).by_agent) is True


def test_an_application_and_its_reset_have_one_outcome_5_2(prepare, reload, ask, order_of, look):
    key = prepare(asked=asked(AGENT)).json()["reset_id"]
    assert reload(key).status_code == 200
    taken = order_of(key, AGENT)
    assert taken.status_code == 201, taken.text
    assert state(look, key) == "CONFIRMED"
    assert ask(f"pin-resets/{key}/confirm", {"outcome": "changed"}).json() == {"state": "confirmed"}
    assert [each["outcome"] for each in recorded(look)] == ["done"]
    assert notices(look) == ["PIN_RESET_BY_AGENT"]
    voucher = look(lambda session: session.get(PinReset, key).voucher_no)
    assert voucher == taken.json()["voucher_no"]


def test_what_was_confirmed_counts_whatever_the_application_says_5_2(
    prepare, reload, ask, order_of, look
):
    key = prepare(asked=asked()).json()["reset_id"]
    reload(key)
    ask(f"pin-resets/{key}/confirm", {"outcome": "changed"})
    assert order_of(key, outcome="unknown").status_code == 201
    assert [each["outcome"] for each in recorded(look)] == ["done"]


def test_an_unknown_outcome_is_written_down_as_one_5_2(prepare, reload, ask, order_of, look):
    key = prepare(asked=asked()).json()["reset_id"]
    reload(key)
    assert order_of(key, outcome="unknown").status_code == 201
    assert state(look, key) == "UNKNOWN"
    ask(f"pin-resets/{key}/confirm", {"outcome": "changed"})
    assert state(look, key) == "CONFIRMED"


def test_a_reset_that_was_none_has_no_application_5_2(
    prepare, reload, ask, order_of, problem, look
):
    prepared, reversed_, unchanged, used = (
        prepare(asked=asked()).json()["reset_id"] for _ in range(4)
    )
    ask(f"pin-resets/{reversed_}/reverse", {"reason": "timeout"})
    reload(unchanged)
    ask(f"pin-resets/{unchanged}/confirm", {"outcome": "unchanged"})
    reload(used)
    for key in (prepared, reversed_, unchanged):
        assert problem(order_of(key)) == "pin-reset-over"
    assert order_of(used).status_code == 201
    assert problem(order_of(used)) == "pin-reset-over"  # one application each
    assert problem(order_of(str(uuid.uuid4()))) == "pin-reset-unknown"
    agents = prepare(asked=asked(AGENT)).json()["reset_id"]
    reload(agents)
    assert problem(order_of(agents)) == "pin-reset-unknown"
    assert len(recorded(look)) == 1


def test_an_agents_code_is_told_before_the_pin_is_another_a10(
    prepare, policy, client, problem, reload, order_of, look
):
    policy(pin_reset_by_agent_at_kiosk="otp")
    assert problem(prepare(by_agent=True)) == "order-incomplete"
    assert problem(prepare(asked=asked(AGENT))) == "code-wrong"
    sent = client.post("/v1/one-time-codes", json=asked(AGENT), headers=KIOSK)
    assert sent.status_code == 202, sent.text
    (notice,) = look(lambda session: session.query(Notice).all())
    wrong = f"{(int(notice.parameters['code']) + 1) % 10**6:06}"
    assert problem(prepare(asked=asked(AGENT), code=wrong)) == "code-wrong"
    key, nonce = str(uuid.uuid4()), uuid.uuid4().hex
    told = {"asked": asked(AGENT), "code": notice.parameters["code"], "nonce": nonce}
    first, again = (prepare(key, **told) for _ in range(2))
    assert (first.status_code, again.json()) == (201, first.json())
    assert problem(prepare(**told | {"nonce": uuid.uuid4().hex})) == "code-wrong"  # once
    reload(key)
    assert order_of(key, AGENT).status_code == 201


def test_an_agent_is_sent_to_the_window_where_the_policy_says_so_a10(
    prepare, centre, problem, served, rules_text
):
    text = rules_text.replace(
        'pin_reset_by_agent_at_kiosk   = "allow"', 'pin_reset_by_agent_at_kiosk   = "window"'
    )
    served[0].state.centre = replace(centre, rules=load_rules(text))
    assert problem(prepare(asked=asked(AGENT))) == "not-allowed"
    assert prepare(asked=asked()).status_code == 201


@pytest.mark.parametrize("told", ["agent", "always"])
def test_a_holder_is_told_of_their_own_reset_where_it_is_set_5_2(
    prepare, reload, centre, served, look, told, order_of
):
    settings = replace(centre.settings, pin_reset_notice=told)
    served[0].state.centre = replace(centre, settings=settings)
    key = prepare(asked=asked()).json()["reset_id"]
    reload(key)
    order_of(key)
    assert notices(look) == (["PIN_RESET"] if told == "always" else [])


def test_in_production_no_pin_is_reset_without_its_right(
    prepare, authenticate, reload, order_of, centre, served, problem
):
    settings = replace(centre.settings, mode="production")
    served[0].state.centre = replace(centre, settings=settings)
    assert problem(prepare()) == "order-incomplete"
    assert problem(authenticate(None)) == "pin-reset-unknown"
    assert problem(reload(None)) == "pin-reset-unknown"
    assert problem(order_of(None)) == "pin-reset-unknown"
    key = prepare(asked=asked()).json()["reset_id"]
    assert authenticate(key).status_code == reload(key).status_code == 200
    assert order_of(key).status_code == 201
