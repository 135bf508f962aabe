"""The card lost, or the centre away, at every step: always one end, never a card given out twice."""

import pytest

from hardware.social_card.blank_card import BlankCard
from station.board import Lamp
from tests.station.contract import Contract, served

COMMANDS = 74
"""Of a whole card write: found blank, looked at again, written, read back."""


def check(centre, write_id, card, slot):
    """Where it ended, the centre and the slot are of one mind."""
    write = centre.writes[write_id]
    assert write.state in ("confirmed", "reversed")
    assert write.confirms == (write.state == "confirmed")
    if write.state == "confirmed":
        assert card.personalised
        assert slot.taken == [card]
        assert slot.bin == []
    elif any(card._files[5][1:]):
        assert write.blank == card.person.card_id.hex().upper()
        assert card not in slot.taken
    return write


def test_so_many_commands_there_are(centre, station, slot, blank):
    slot.offered = blank()
    centre.offer()
    station.step()
    assert len(slot.sent) == COMMANDS


@pytest.mark.parametrize("brown_out", [False, True])
@pytest.mark.parametrize("at", range(1, COMMANDS + 1))
def test_a_card_pulled_for_good_is_reversed(centre, station, slot, blank, at, brown_out):
    card = slot.offered = blank()
    slot.has_bin, slot.lost_at, slot.brown_out = True, at, brown_out
    write_id = centre.offer()
    station.step()
    write = check(centre, write_id, card, slot)
    assert (write.state, write.reason) == ("reversed", "card_pulled")
    assert station.step() is Lamp.IDLE


@pytest.mark.parametrize("brown_out", [False, True])
@pytest.mark.parametrize("at", range(1, COMMANDS + 1))
def test_contacts_that_open_for_a_moment(centre, station, slot, blank, at, brown_out):
    card = slot.offered = blank()
    slot.has_bin, slot.lost_at, slot.brown_out, slot.comes_back = True, at, brown_out, True
    write_id = centre.offer()
    station.step()
    write = check(centre, write_id, card, slot)
    begun = "start" in centre.asked
    assert (write.state, write.reason) == (
        ("confirmed", "") if begun else ("reversed", "card_pulled")
    )


@pytest.mark.parametrize(
    "step",
    ["start", "authentication", "holder", "pin-authentication", "initial-pin", "confirm"],
)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_an_answer_of_the_centre_is_lost(centre, station, slot, blank, step, moment):
    card = slot.offered = blank()
    write_id = centre.offer()
    lost = []

    def lose(asked, when):
        if (asked, when) == (step, moment) and not lost:
            lost.append(asked)
            raise ConnectionError

    centre.hook = lose
    for _ in range(5):  # a connection that broke may cost a step more
        station.step()
    assert lost
    assert check(centre, write_id, card, slot).state == "confirmed"


@pytest.mark.parametrize("step", ["start", "authentication", "holder", "initial-pin"])
def test_a_centre_that_stays_away_ends_the_write_in_time(centre, station, slot, blank, step):
    card = slot.offered = blank()
    slot.has_bin = True
    write_id = centre.offer(seconds=30)

    def away(asked, when):
        if asked == step:
            raise ConnectionError

    centre.hook = away
    station.step()
    assert station.now >= 29
    assert station.now <= 32
    write = check(centre, write_id, card, slot)
    assert (write.state, write.reason) == ("reversed", "timeout")


def test_a_confirmation_is_repeated_until_it_is_heard_and_the_card_waits(tmp_path, blank):
    """Across a centre that is gone, and a station that is started anew."""
    from tests.station.conftest import DirectSlot, Station  # noqa: PLC0415

    contract, slot = Contract(), DirectSlot()
    card = slot.offered = blank()
    with served(contract):
        station = Station(tmp_path, contract.url, slot)
        write_id = contract.offer()

        def away(asked, when):
            if (asked, when) == ("confirm", "after"):
                raise ConnectionError

        contract.hook = away
        station.step()
        port = int(contract.url.rpartition(":")[2])
    for _ in range(3):
        assert station.step() is Lamp.OFFLINE
        assert slot.taken == []
    station.restart()
    assert station.step() is Lamp.OFFLINE
    contract.hook = lambda *_: None
    with served(contract, port):
        station.step()
    station.stop()
    write = check(contract, write_id, card, slot)
    assert (write.state, write.confirms) == ("confirmed", 1)


class OneBitOff(BlankCard):
    def _update_record(self, apdu):
        done = super()._update_record(apdu)
        self._files[6][5] = b"\x0c\x03\x11\x01\x04"
        return done


def test_what_is_read_back_otherwise_is_never_confirmed(centre, station, slot):
    slot.offered, slot.has_bin = OneBitOff(bytes.fromhex("50" * 16)), True
    write_id = centre.offer()
    station.step()
    write = check(centre, write_id, slot.bin[0], slot)
    assert (write.state, write.reason) == ("reversed", "verify_failed")
    assert slot.bin
    assert not slot.bin[0].personalised


def test_a_spoiled_card_that_stays_is_told_until_it_is_gone(centre, station, slot):
    slot.offered, slot.keeps = OneBitOff(bytes.fromhex("50" * 16)), True
    centre.offer()
    assert station.step() is Lamp.SPOILED
    station.restart()
    assert station.step() is Lamp.SPOILED
    slot.keeps = False
    assert station.step() is Lamp.IDLE


def test_another_card_put_in_for_a_spoiled_one_is_not_captured(centre, station, slot, blank):
    slot.offered = blank()
    slot.has_bin, slot.lost_at = True, 40
    other = blank()
    station.on_wait = lambda: setattr(slot, "card", other)
    write_id = centre.offer()
    station.step()
    assert centre.writes[write_id].reason == "card_pulled"
    assert (slot.bin, slot.taken) == ([], [other])
    assert not any(other._files[5][1:])
