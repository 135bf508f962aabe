"""PINs typed: the old one tried on the card, which alone knows its tries; the new one judged."""

import json
import pickle
from dataclasses import replace

import pytest

from hardware.fault import Cure, DeviceFault
from hardware.pin_pad.driver import EncryptingPad
from hardware.pin_pad.simulator import PinPadSimulator
from hardware.secret import Secret
from kiosk.services.answers import Eligible
from kiosk.services.card_answers import (
    BadPin,
    CardRead,
    CardWord,
    NewPin,
    PinBlocked,
    PinEntry,
    PinPhase,
    PinRight,
    PinsDiffer,
    PinWrong,
)
from kiosk.visit import Back, Change, Failed, Said
from tests.kiosk.cards.conftest import Kiosk
from tests.kiosk.cards.people import HOLDER, NAME, NEW, OLD, PAPER, virtual, visit

WRONG = "314159"


@pytest.fixture
def old(kiosk):
    """Asks for the PIN the card has; it is typed as told."""

    def old(digits=OLD):
        kiosk.person.types["old_pin"] = digits
        return kiosk.does(kiosk.pins.old, visit())

    return old


@pytest.fixture
def new(kiosk):
    """Asks for a new PIN, the old one known; it is typed as told."""

    def new(digits=NEW, again=None, service="pin_change", **facts):
        if service == "pin_change":
            kiosk.vault.keep_old(Secret(bytearray(OLD.encode())))
        kiosk.person.types |= {"new_pin": digits, "new_pin_again": again or digits}
        return kiosk.does(kiosk.pins.new, visit(service, **facts))

    return new


def typed(kiosk, phase):
    """What was told while a PIN was typed: dots and tries left."""
    entries = [PinEntry.of(word) for word in kiosk.person.words]
    return [(entry.dots, entry.left) for entry in entries if entry and entry.phase is phase]


def test_the_right_pin_is_kept_for_the_change(kiosk, old):
    assert old() == Said(PinRight())
    assert kiosk.vault.old.data == OLD.encode()


def test_dots_and_tries_are_told_and_no_digit(kiosk, old):
    old()
    assert typed(kiosk, PinPhase.OLD) == [(dots, 6) for dots in range(7)]
    assert typed(kiosk, PinPhase.NEW) == []


def test_a_wrong_pin_counts_down_from_the_cards_own_counter_until_one_is_left_f21(kiosk, hand, old):
    hand.card.tries = 4
    assert [old(WRONG) for _ in range(3)] == [Said(PinWrong(left)) for left in (3, 2, 1)]
    assert {left for _dots, left in typed(kiosk, PinPhase.OLD)} == {4, 3, 2}
    kiosk.person.words.clear()
    assert old(OLD) == Said(PinWrong(1))
    assert typed(kiosk, PinPhase.OLD) == []  # the last try is nobody's to lose here
    assert hand.card.tries == 1


def test_the_right_pin_gives_all_tries_back(hand, old):
    hand.card.tries = 2
    old()
    assert hand.card.tries == 6


def test_a_blocked_pin_is_not_asked_for_f22(kiosk, hand, old):
    hand.card.tries = 0
    assert old() == Said(PinBlocked())
    assert typed(kiosk, PinPhase.OLD) == []


def test_tries_used_up_elsewhere_meanwhile_are_seen_f22(kiosk, hand, old):
    kiosk.person.does["old_pin"] = lambda: setattr(hand.card, "tries", 1)
    assert old(WRONG) == Said(PinBlocked())


def test_a_card_that_may_not_be_asked_for_its_tries_is_not(kiosk, hand, old):
    kiosk.slot.profile = replace(kiosk.slot.profile, empty_verify=False)
    assert old(WRONG) == Said(PinWrong(5))
    assert typed(kiosk, PinPhase.OLD)[0] == (0, None)
    assert not any(command == bytes.fromhex("00200000") for command in hand.sent)


def test_a_wrong_pin_is_not_kept(kiosk, old):
    old(WRONG)
    assert not len(kiosk.vault.old)


def test_who_gives_up_goes_one_question_back(kiosk, old):
    assert old("cancel") == Back()
    assert kiosk.pad.keypad is None


def test_whoever_is_not_served_any_more_is_not_asked(kiosk, old):
    kiosk.person.types["old_pin"] = ""
    kiosk.person.does["old_pin"] = kiosk.person.leaves
    assert old("") is None


def test_a_card_pulled_before_it_heard_the_pin_gets_it_when_it_is_back(kiosk, hand, old):
    """Identified 8 records long, then asked for its tries: 10 commands, and as many again."""
    old()
    alone = len(hand.sent)
    for at in range(1, alone):
        hand.card.tries = 6
        hand.sent.clear()
        kiosk.person.words.clear()
        hand.pull_at(at)
        assert old() == Said(PinRight())
        assert CardWord.PUT_BACK in kiosk.person.words
        assert sum(command[1] == 0x20 and len(command) > 5 for command in hand.sent) == 1


@pytest.mark.parametrize("brown_out", [False, True])
def test_a_card_pulled_at_the_pin_says_itself_how_many_tries_are_left(kiosk, hand, old, brown_out):
    old()
    alone = len(hand.sent)
    hand.sent.clear()
    kiosk.person.words.clear()
    hand.pull_at(alone, brown_out=brown_out)
    kiosk.person.does[CardWord.PUT_BACK] = lambda: kiosk.person.types.update(old_pin=OLD)
    assert old(WRONG) == Said(PinRight())
    left = 5 if brown_out else 6
    assert [tries for dots, tries in typed(kiosk, PinPhase.OLD) if dots == 0] == [6, left]


def test_another_card_is_asked_out_before_anything_is_typed_f25(kiosk, hand, old):
    mine, hand.card = hand.card, virtual(replace(HOLDER, card_number="A00000077"))
    kiosk.person.does[CardWord.ANOTHER] = lambda: setattr(hand, "card", mine)
    assert old() == Said(PinRight())
    assert mine.tries == hand.card.tries == 6


def test_over_a_real_reader(dip, reader):
    reader[1].insert("mine")
    dip.person.types["old_pin"] = WRONG
    assert dip.does(dip.pins.old, visit()) == Said(PinWrong(5))
    dip.person.types["old_pin"] = OLD
    dip.person.does["old_pin"] = lambda: reader[1].insert("mine")  # out and in again
    assert dip.does(dip.pins.old, visit()) == Said(PinRight())


def test_a_new_pin_is_entered_twice_and_kept(kiosk, new):
    assert new() == Said(NewPin())
    assert kiosk.vault.new.data == NEW.encode()
    assert [dots for dots, _ in typed(kiosk, PinPhase.AGAIN)] == list(range(7))


WEAK = {
    "initial": "123456",
    "repeated": "121211",
    "sequence": "876543",
    "birthday": "850612",
    "id_part": "500103",
    "card_part": "680259",
    "phone_part": "388000",
    "same_as_old": "739206",
}


@pytest.mark.parametrize(("rule", "digits"), WEAK.items(), ids=WEAK)
def test_a_weak_pin_is_refused_by_the_name_of_its_rule_f23(kiosk, rule, digits):
    kiosk.vault.keep_old(Secret(bytearray(b"739206")))
    kiosk.person.types["new_pin"] = digits
    known = {
        "eligibility": Eligible(NAME, phone="1380388000*"),
        "card": CardRead(replace(PAPER, number="A46802591")),
    }
    assert kiosk.does(kiosk.pins.new, visit(**known)) == Said(BadPin(rule))
    assert not len(kiosk.vault.new)
    assert typed(kiosk, PinPhase.AGAIN) == []


def test_entries_that_differ_are_both_forgotten_f24(kiosk, new):
    assert new(NEW, again="739106") == Said(PinsDiffer())
    assert not len(kiosk.vault.new)


@pytest.mark.parametrize("phase", ["new_pin", "new_pin_again"])
def test_who_gives_a_new_pin_up_leaves_nothing(kiosk, new, phase):
    assert new(**{"digits": "cancel"} if phase == "new_pin" else {"again": "cancel"}) == Back()
    assert not len(kiosk.vault.new)


def test_a_reset_knows_no_old_pin_of_a_visit_before(kiosk, new):
    kiosk.vault.keep_old(Secret(bytearray(NEW.encode())))
    assert new(NEW, service="pin_reset") == Said(NewPin())
    assert not len(kiosk.vault.old)


def test_an_old_pin_that_is_no_longer_known_is_asked_for_again(kiosk):
    """The program began anew: a PIN does not outlive it."""
    assert kiosk.does(kiosk.pins.new, visit()) == Said(Change(drop=("old_pin",)))


def test_what_was_typed_is_forgotten_when_the_person_goes(kiosk, hand, old, new):
    for leave in (kiosk.cards.taken, kiosk.cards.tapped):
        old()
        new()
        kept = kiosk.vault.old.data, kiosk.vault.new.data
        assert all(map(any, kept))
        kiosk.does(leave)
        assert not any(map(any, kept))
        assert not len(kiosk.vault.old) + len(kiosk.vault.new)


def test_a_vault_shows_nothing_and_is_never_written(kiosk, old):
    old()
    assert repr(kiosk.vault) == "Vault(***)"
    with pytest.raises(TypeError):
        pickle.dumps(kiosk.vault)


def test_a_pad_that_fails_is_told_f27(kiosk, old, log):
    def enter(*_args):
        raise DeviceFault("pin_pad", Cure.RETRY, "invalid_data")

    kiosk.pad.enter = enter
    assert old() == Failed("pin_pad", "pin_pad", "invalid_data")
    assert json.loads(log.getvalue().splitlines()[-1])["detail"] == "invalid_data"


def test_on_a_pad_of_steel(tmp_path, hand, link, journal, log):
    """ZT598 in clear text: the card takes nothing else, and two blocks cannot be compared here."""
    with PinPadSimulator(tmp_path / "pad") as steel:
        pad = EncryptingPad(str(steel.link))
        kiosk = Kiosk(hand, pad, link, journal, log)
        kiosk.person.press = lambda *keys: steel.press(
            *[key for word in keys for key in spelt(word)]
        )
        assert kiosk.does(kiosk.pins.old, visit()) == Said(PinRight())
        assert kiosk.does(kiosk.pins.new, visit()) == Said(NewPin())
        assert kiosk.vault.new.data == NEW.encode()
        pad.close()


def spelt(word):
    return list(word) if word.isdigit() else [word]
