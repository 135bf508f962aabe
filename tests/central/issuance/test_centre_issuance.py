"""A card is prepared, started, confirmed or reversed, over HTTP, on both stores."""

import uuid

import pytest

from central.applications.records import find
from central.applications.states import CaseEvent, move
from central.audit.chain import broken_at
from central.audit.records import AuditEntry
from central.custody.records import held
from central.hsm import records as key_uses
from central.issuance import personalisation, undoing
from central.issuance.records import find_write, unknown
from central.notices.records import Notice
from central.people.records import find_person
from central.problems import ProblemError
from hardware.social_card.outcomes import Personalised, Refused, Verified

pytestmark = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)


def test_a_card_is_made_and_is_the_persons(
    accepted, prepare, station, blank, verify, state_of, card_row
):
    voucher_no = accepted()
    write_id = prepare(voucher_no)
    assert state_of("case", voucher_no) == "IN_PRODUCTION"
    job = station.job().json()
    assert job["write_id"] == write_id
    texts = job["personalisation"]
    assert texts == {
        "card_number": "A00000010",
        "social_number": "11010519491231002X",
        "name": "张三",
        "sex": "2",
        "nation": "",
        "birthplace": "110105",
        "born": "19491231",
        "issuer": "91560000025000005000",
        "issued": "20261123",
        "expires": "20361123",
        "version": "3.00",
        "kind": "3",
    }
    identifier, card = blank()
    assert station.start(write_id, identifier).status_code == 200
    assert station.write(job, card) == Personalised()
    read = station.read(job, card)
    assert read == texts
    answer = station.confirm(write_id, identifier, personalisation.digest(read, identifier))
    assert answer.json() == {"state": "confirmed"}
    assert state_of("case", voucher_no) == "READY"
    row = card_row("A00000010")
    assert (row.state.name, row.id_number, row.identifier) == (
        "SEALED",
        "11010519491231002X",
        identifier,
    )
    assert (row.voucher_no, row.bank, row.replaces) == (voucher_no, "重庆银行", None)
    assert verify(card, b"123456") == Verified()


def test_each_key_that_made_the_card_is_written_down(accepted, prepare, station, blank, look):
    prepare(accepted())
    job, (identifier, card) = station.job().json(), blank()
    station.start(job["write_id"], identifier)
    station.write(job, card)
    uses = [(row.kiosk_id, row.function, row.outcome) for row in look(key_uses.every)]
    functions = (
        "internal",
        "external_personalise",
        "internal",
        "external_holder",
        "external_pin_reset",
        "initial_pin",
    )
    assert uses == [("W301-1", function, "done") for function in functions]


def test_no_key_is_used_for_another_blank_or_before_the_start_or_after_the_end(
    accepted, prepare, station, other_station, blank, look
):
    prepare(accepted())
    job, (identifier, card) = station.job().json(), blank()
    assert station.write(job, card) == Refused("card_write_over")
    station.start(job["write_id"], identifier)
    assert station.write(job, blank()[1]) == Refused("card_write_over")
    assert other_station.write(job, card) == Refused("card_write_unknown")
    station.reverse(job["write_id"], identifier)
    assert station.write(job, card) == Refused("card_write_over")
    assert look(key_uses.every) == []


def test_a_command_for_a_card_is_kept_for_its_own_station(
    accepted, prepare, station, other_station, blank, problem
):
    write_id, (identifier, _), key = prepare(accepted()), blank(), str(uuid.uuid4())
    station.start(write_id, identifier)
    step = {"card_id": identifier, "algorithm": "03", "header": "84240001", "challenge": "C" * 16}
    made = station.post(write_id, "initial-pin", step, key)
    assert made.status_code == 200
    assert station.post(write_id, "initial-pin", step, key).json() == made.json()
    assert problem(other_station.post(write_id, "initial-pin", step, key)) == "key-reused"


def test_a_blank_that_is_not_genuine_is_written_nothing(accepted, prepare, station, blank, look):
    prepare(accepted())
    job, (identifier, card) = station.job().json(), blank()
    station.start(job["write_id"], identifier)
    card._keys["IRK"] = bytes(16)
    assert station.write(job, card) == Refused("card_not_genuine")
    assert [(row.function, row.outcome) for row in look(key_uses.every)] == [
        ("internal", "card-not-genuine")
    ]


def test_there_is_no_card_to_make(station, accepted, prepare, other_station, later, state_of):
    assert (station.job().status_code, station.job().content) == (204, b"")
    write_id = prepare(accepted())
    assert other_station.job().status_code == 204
    later(10)
    assert station.job().status_code == 204
    assert state_of("write", write_id) == "PREPARED"


def test_every_step_said_twice_is_once(accepted, prepare, station, blank, state_of, look):
    voucher_no, write_id = accepted(), str(uuid.uuid4())
    assert prepare(voucher_no, write_id) == prepare(voucher_no, write_id)
    identifier, _ = blank()
    job = station.job().json()
    keys = [str(uuid.uuid4()) for _ in range(2)]
    for _ in range(2):
        assert station.start(write_id, identifier, keys[0]).status_code == 200
    assert station.start(write_id, identifier).status_code == 200  # under another key
    sha256 = personalisation.digest(job["personalisation"], identifier)
    for key in (keys[1], keys[1], None):
        assert station.confirm(write_id, identifier, sha256, key).json() == {"state": "confirmed"}
    actions = [row.action for row in look(lambda session: session.query(AuditEntry).all())]
    for action in ("card_write.prepare", "card_write.start", "card_write.confirmed", "case.made"):
        assert actions.count(action) == 1
    assert state_of("case", voucher_no) == "READY"


def test_a_reversal_spoils_the_blank_and_the_number_and_the_card_is_made_anew(
    accepted, prepare, station, blank, made, state_of, look, problem
):
    voucher_no, (identifier, _) = accepted(), blank()
    write_id = prepare(voucher_no)
    station.start(write_id, identifier)
    for key in (None, None):
        assert station.reverse(write_id, identifier, key).json() == {"state": "reversed"}
    assert state_of("case", voucher_no) == "FAILED"
    assert [(item.thing, item.place) for item in look(held)] == [
        ("spoiled_blank", "station:W301-1")
    ]
    again = prepare(voucher_no)
    assert problem(station.start(again, identifier)) == "blank-used"
    station.reverse(again)
    assert len(look(held)) == 1  # nothing was begun
    assert made(voucher_no)["personalisation"]["card_number"] == "A00000012"  # 10 and 11 are void
    assert state_of("case", voucher_no) == "READY"


def test_nothing_follows_a_reversal_and_no_reversal_a_confirmation(
    accepted, prepare, station, blank, made, problem
):
    write_id, (identifier, _) = prepare(accepted()), blank()
    sha256 = personalisation.digest(station.job().json()["personalisation"], identifier)
    station.start(write_id, identifier)
    station.reverse(write_id, identifier)
    assert problem(station.confirm(write_id, identifier, sha256)) == "card-write-over"
    assert problem(station.start(write_id, identifier)) == "card-write-over"


def test_a_confirmed_card_stays(accepted, made, station, state_of, problem):
    voucher_no = accepted()
    done = made(voucher_no)
    assert problem(station.reverse(done["write_id"], done["identifier"])) == "card-write-confirmed"
    other = station.confirm(done["write_id"], done["identifier"], "0" * 64)
    assert problem(other) == "card-write-confirmed"
    assert state_of("case", voucher_no) == "READY"


def test_a_reversal_of_an_unknown_write_blocks_the_late_original(
    accepted, prepare, station, blank, state_of, problem
):
    voucher_no, write_id = accepted(), str(uuid.uuid4())
    assert station.reverse(write_id).json() == {"state": "reversed"}
    assert station.reverse(write_id).json() == {"state": "reversed"}
    with pytest.raises(ProblemError, match="CARD_WRITE_OVER"):
        prepare(voucher_no, write_id)
    assert problem(station.start(write_id, blank()[0])) == "card-write-over"
    assert problem(station.confirm(write_id, blank()[0], "0" * 64)) == "card-write-over"
    assert state_of("case", voucher_no) == "ACCEPTED"


def test_a_card_with_other_data_is_not_taken(
    accepted, prepare, station, blank, state_of, problem, card_row
):
    voucher_no, (identifier, _) = accepted(), blank()
    write_id = prepare(voucher_no)
    station.start(write_id, identifier)
    assert problem(station.confirm(write_id, identifier, "0" * 64)) == "card-data-differs"
    assert (state_of("case", voucher_no), card_row("A00000010")) == ("IN_PRODUCTION", None)


def test_one_open_write_a_case_and_a_station(accepted, prepare, who):
    first = accepted()
    second = accepted(applicant=who("500103201011230033", "李小明", sex="1"))
    prepare(first)
    with pytest.raises(ProblemError, match="CARD_WRITE_OPEN"):
        prepare(first, station="W301-2")
    with pytest.raises(ProblemError, match="STATION_BUSY"):
        prepare(second)
    prepare(second, station="W301-2")


def test_another_station_can_do_nothing(
    accepted, prepare, station, other_station, blank, state_of, problem
):
    write_id, (identifier, _) = prepare(accepted()), blank()
    assert problem(other_station.start(write_id, identifier)) == "card-write-unknown"
    assert problem(other_station.reverse(write_id)) == "card-write-unknown"
    station.start(write_id, identifier)
    assert problem(other_station.confirm(write_id, identifier, "0" * 64)) == "card-write-unknown"
    assert state_of("write", write_id) == "STARTED"


def test_only_a_station_may_ask(client, problem):
    for headers, said in (
        ({}, (401, "device-unknown")),
        ({"X-Device": "kiosk:0017"}, (403, "device-forbidden")),
    ):
        answer = client.get("/v1/stations/self/card-write", headers=headers)
        assert (answer.status_code, problem(answer)) == said


def test_what_was_never_started_is_taken_back_in_its_time(
    centre, accepted, prepare, station, blank, later, state_of, problem
):
    voucher_no = accepted()
    write_id = prepare(voucher_no)
    assert undoing.run_due(centre) == 0
    later(10)
    assert problem(station.start(write_id, blank()[0])) == "card-write-over"
    assert undoing.run_due(centre) == 1
    assert (state_of("write", write_id), state_of("case", voucher_no)) == ("REVERSED", "FAILED")


def test_a_case_whose_station_slept_is_made_at_another(accepted, prepare, later, state_of):
    voucher_no = accepted()
    write_id = prepare(voucher_no)
    later(11)
    again = prepare(voucher_no, station="W301-2")
    assert (state_of("write", write_id), state_of("write", again)) == ("REVERSED", "PREPARED")


def test_what_was_started_waits_for_its_station_or_for_two_persons(
    centre,
    accepted,
    prepare,
    station,
    blank,
    later,
    state_of,
    turn,
    act,
    look,
    clock,
    problem,
    wang,
    li,
):
    voucher_no, (identifier, _) = accepted(), blank()
    write_id = prepare(voucher_no)
    station.start(write_id, identifier)
    later(60 * 24)
    assert undoing.run_due(centre) == 0
    assert [row.id for row in look(unknown, clock().isoformat())] == [write_id]
    for second in (None, wang):
        with pytest.raises(ProblemError, match="SECOND_PERSON_NEEDED"):
            turn(undoing.end_by_hand, write_id, act(), second)
    turn(undoing.end_by_hand, write_id, act(), li)
    assert state_of("case", voucher_no) == "FAILED"
    assert len(look(held)) == 1
    assert problem(station.confirm(write_id, identifier, "0" * 64)) == "card-write-over"


def test_one_person_ends_what_was_not_started(accepted, prepare, turn, act, state_of):
    voucher_no = accepted()
    turn(undoing.end_by_hand, prepare(voucher_no), act())
    assert state_of("case", voucher_no) == "FAILED"


def test_a_station_that_was_away_settles_late(accepted, prepare, station, blank, later, state_of):
    voucher_no, (identifier, _) = accepted(), blank()
    write_id = prepare(voucher_no)
    sha256 = personalisation.digest(station.job().json()["personalisation"], identifier)
    station.start(write_id, identifier)
    later(60 * 24 * 7)
    assert station.confirm(write_id, identifier, sha256).json() == {"state": "confirmed"}
    assert state_of("case", voucher_no) == "READY"


def test_a_name_no_card_can_hold_is_told_before(accepted, prepare, turn, state_of):
    voucher_no = accepted()

    def rename(session):
        find_person(session, "11010519491231002X").name = "长" * 26

    turn(rename)
    with pytest.raises(ProblemError, match="CARD_DATA_IMPOSSIBLE") as told:
        prepare(voucher_no)
    assert "姓名" in told.value.problem.reason_zh
    assert "长长" not in told.value.problem.model_dump_json()
    assert state_of("case", voucher_no) == "ACCEPTED"


def test_a_case_that_was_withdrawn_gets_no_card(accepted, prepare, turn, clock, wang):
    voucher_no = accepted()
    turn(
        lambda session: move(session, find(session, voucher_no), CaseEvent.WITHDRAW, wang, clock())
    )
    with pytest.raises(ProblemError, match="CASE_STATE_FORBIDS"):
        prepare(voucher_no)


def test_nothing_of_the_person_is_kept_in_a_settled_write_or_in_the_audit(accepted, made, look):
    done = made(accepted())
    assert look(find_write, done["write_id"]).personalisation is None

    def entries(session):
        return session.query(AuditEntry).order_by(AuditEntry.seq).all()

    whole = look(entries)
    assert broken_at(whole) is None
    text = "".join(row.target + row.details for row in whole)
    for personal in ("11010519491231002X", "张三", "A00000010", done["identifier"]):
        assert personal not in text


def test_who_applied_online_is_told_that_the_card_is_there(accepted, made, turn, look):
    voucher_no = accepted()

    def online(session):
        find(session, voucher_no).channel = "online"

    turn(online)
    made(voucher_no)
    (notice,) = look(lambda session: session.query(Notice).all())
    assert (notice.kind, notice.parameters["voucher_no"]) == ("CARD_READY", voucher_no)


def test_who_waits_at_the_window_is_not(accepted, made, look):
    made(accepted())
    assert look(lambda session: session.query(Notice).all()) == []
