"""One card write after the other: how each ends, in the journal, at the centre, and in the slot."""

import pytest

from hardware.social_card.blank_card import BlankCard
from hardware.social_card.card_files import CARD_A, CARD_B
from hardware.social_card.keys import Algorithm
from hardware.social_card.other_chips import BankCard, MuteCard
from hardware.social_card.virtual_card import VirtualCard
from station.board import Lamp
from tests.station.contract import NoError
from tests.station.slots import NO_READER


def ended(centre, write_id):
    write = centre.writes[write_id]
    return (write.state, write.reason)


def test_a_card_is_written_confirmed_and_given_out(centre, station, slot, blank):
    card = slot.offered = blank()
    write_id = centre.offer()
    assert station.step() is Lamp.TAKE_CARD
    assert ended(centre, write_id) == ("confirmed", "")
    assert centre.asked == [
        "poll",
        "start",
        "authentication",
        "holder",
        "pin-authentication",
        "initial-pin",
        "holder",
        "confirm",
    ]
    assert centre.devices == {"station:W3-1"}
    assert slot.taken == [card]
    assert card.personalised
    assert station.step() is Lamp.IDLE
    assert station.waits == []


@pytest.mark.parametrize("name", ["字" * 25, "阿" * 14 + "𠮷" * 5, "㐂·Ö买买提" * 2, "𠮷" * 12])
def test_names_up_to_50_bytes_and_rare_characters_are_confirmed(centre, station, slot, blank, name):
    slot.offered = blank()
    write_id = centre.offer(name=name)
    station.step()
    assert ended(centre, write_id) == ("confirmed", "")


def test_a_card_with_3des_keys_is_written_too(centre, station, slot):
    card = slot.offered = BlankCard(CARD_B.card_id, Algorithm.TDES)
    write_id = centre.offer()
    station.step()
    assert ended(centre, write_id) == ("confirmed", "")
    assert card._pin == bytes.fromhex("123456")


def test_a_card_without_keys_in_the_hsm_is_refused(centre, station, slot):
    slot.offered = BlankCard(CARD_B.card_id, Algorithm.SSF33)
    write_id = centre.offer()
    station.step()
    assert ended(centre, write_id) == ("reversed", "write_failed")


def test_a_card_whose_keys_are_not_its_own_is_found_out(centre, station, slot, blank):
    card = slot.offered = blank()
    card._keys["IRK"] = bytes(16)
    write_id = centre.offer()
    station.step()
    assert ended(centre, write_id) == ("reversed", "write_failed")
    assert not any(card._files[5][1:])


def test_one_after_the_other(centre, station, slot, blank):
    for number in range(3):
        slot.offered = blank()
        write_id = centre.offer(card_number=f"C{number:08}")
        station.step()
        assert ended(centre, write_id) == ("confirmed", "")
    assert len(slot.taken) == 3


@pytest.mark.parametrize(
    ("card", "reason"),
    [
        (lambda: None, "no_card"),
        (lambda: VirtualCard(CARD_B), "not_blank"),
        (BankCard, "not_blank"),
        (MuteCard, "not_blank"),
    ],
)
def test_what_is_no_blank_is_given_back_and_never_named(centre, station, slot, card, reason):
    slot.offered = inserted = card()
    write_id = centre.offer()
    station.step()
    assert ended(centre, write_id) == ("reversed", reason)
    assert centre.writes[write_id].blank is None
    assert "start" not in centre.asked
    assert slot.taken == ([inserted] if inserted else [])


def test_a_blank_of_another_region_is_not_ours(centre, station, slot):
    slot.offered = BlankCard(CARD_A.card_id)
    write_id = centre.offer()
    station.step()
    assert ended(centre, write_id) == ("reversed", "not_blank")


def test_a_blank_begun_for_another_is_not_taken(centre, station, slot, blank):
    slot.offered = card = blank()
    card._files[5][6] = b"\x07\x09A99999999"
    write_id = centre.offer()
    station.step()
    assert ended(centre, write_id) == ("reversed", "not_blank")
    assert not any(apdu[1] == 0xDC for apdu in slot.sent)


@pytest.mark.parametrize(
    "changes", [{"name": "字" * 26}, {"version": "2.00"}, {"born": "x"}, {"sex": 1}, {"more": "1"}]
)
def test_what_no_card_can_have_is_not_begun(centre, station, slot, blank, changes, caplog):
    slot.offered = blank()
    write_id = centre.offer(**changes)
    station.step()
    assert ended(centre, write_id) == ("reversed", "write_failed")
    assert slot.sent == []
    assert "字" not in caplog.text


def test_the_centre_took_it_back_before_it_was_begun(centre, station, slot, blank):
    slot.offered = card = blank()
    write_id = centre.offer()

    def reversed_meanwhile(step, moment):
        if (step, moment) == ("start", "before"):
            centre.writes[write_id].state = "reversed"

    centre.hook = reversed_meanwhile
    station.step()
    assert centre.asked == ["poll", "start", "reverse"]
    assert not any(apdu[1] == 0xDC for apdu in slot.sent)
    assert slot.taken == [card]


@pytest.mark.parametrize("step", ["authentication", "holder", "pin-authentication", "initial-pin"])
def test_the_centre_took_it_back_while_it_was_written(centre, station, slot, blank, step):
    slot.offered = card = blank()
    write_id = centre.offer()

    def reversed_meanwhile(asked, moment):
        if (asked, moment) == (step, "before"):
            centre.writes[write_id].state = "reversed"

    centre.hook = reversed_meanwhile
    assert station.step() is Lamp.SPOILED
    assert not card.personalised
    assert station.journal.open() == []


@pytest.mark.parametrize("status", [409, 422, 404])
def test_the_centre_does_not_take_the_confirmation(
    centre, station, slot, blank, status, monkeypatch
):
    slot.offered, slot.has_bin = blank(), True
    write_id = centre.offer()
    no = NoError(status, "card-write-differs")

    def refuse(*_):
        raise no

    monkeypatch.setattr(centre, "_confirm", refuse)
    station.step()
    station.step()
    assert ended(centre, write_id) == ("reversed", "verify_failed")
    assert len(slot.bin) == 1
    assert station.step() is Lamp.IDLE


def test_who_we_are_is_not_believed(centre, station, slot, blank, monkeypatch):
    slot.offered = blank()
    write_id = centre.offer()
    no = NoError(403, "device-unknown")

    def refuse(*_):
        raise no

    with monkeypatch.context() as patch:
        patch.setattr(centre, "_confirm", refuse)
        for _ in range(3):
            assert station.step() is Lamp.OFFLINE
    station.step()
    assert ended(centre, write_id) == ("confirmed", "")
    assert len(slot.taken) == 1  # and not before


def test_a_reader_that_is_away(centre, station, slot, blank):
    slot.fault = NO_READER
    write_id = centre.offer()
    assert station.step() is Lamp.FAULT
    assert centre.asked == []
    slot.fault, slot.offered = None, blank()
    station.step()
    assert ended(centre, write_id) == ("confirmed", "")


def test_a_card_nobody_takes_keeps_the_next_one_waiting(centre, station, slot, blank):
    slot.offered, slot.keeps = blank(), True
    centre.offer()
    assert station.step() is Lamp.TAKE_CARD
    next_id = centre.offer(card_number="C00000002")
    assert station.step() is Lamp.TAKE_CARD
    assert centre.writes[next_id].state == "offered"
    slot.keeps, slot.offered = False, blank()
    station.step()
    assert ended(centre, next_id)[0] == "confirmed"


def test_a_card_that_lay_there_at_the_start_is_taken_out_first(centre, station, slot, blank):
    slot.card = old = VirtualCard(CARD_B)
    slot.offered = blank()
    write_id = centre.offer()
    station.step()
    assert ended(centre, write_id)[0] == "confirmed"
    assert slot.taken[0] is old


def test_a_blank_that_lies_there_is_used(centre, station, slot, blank):
    slot.card = blank()
    write_id = centre.offer()
    station.step()
    assert ended(centre, write_id)[0] == "confirmed"


def test_the_operator_gives_up_while_a_card_is_waited_for(centre, station, slot):
    write_id = centre.offer()
    accept = slot.accept

    def pressed(cancel, timeout_s):
        station.orders.eject()
        return accept(cancel, timeout_s)

    slot.accept = pressed
    station.step()
    assert ended(centre, write_id) == ("reversed", "operator")


def test_eject_gives_a_card_back(centre, station, slot, blank):
    slot.card = card = blank()
    station.step()
    assert slot.taken == []
    station.orders.eject()
    station.step()
    assert slot.taken == [card]


def test_told_to_end_it_takes_nothing_more(centre, station, slot, blank):
    centre.offer()
    station.orders.end()
    station.window.run()
    assert centre.asked == []
    assert station.board.shown.state is Lamp.ENDED


def test_a_settled_write_that_is_offered_again_is_answered_as_it_was(centre, station, slot, blank):
    slot.offered = blank()
    write_id = centre.offer()
    station.step()
    centre.writes[write_id].state = "started"  # a centre that was put back to an earlier state
    centre.answers.clear()
    station.step()
    assert ended(centre, write_id) == ("confirmed", "")
    assert centre.asked.count("start") == 1
