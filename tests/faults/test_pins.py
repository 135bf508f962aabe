"""F21 to F28, and what else can be the matter with a card and its PIN, as the person sees it.

The card is in a motorised reader on its wire, the PIN on the screen's own pad, the centre is real.
"""

from dataclasses import replace

import pytest
from sqlalchemy import select

from central.audit.records import AuditEntry
from central.centre import Settings
from hardware.card_transport.simulator import Card
from hardware.fault import Cure, DeviceFault
from hardware.social_card.other_chips import BankCard, MuteCard
from kiosk.pin_vault import Vault
from screens.failure_words import FAILURES, told
from tests.faults.at_slot import NEW, OLD, AtSlot
from tests.faults.proxy import Wire
from tests.kiosk.cards.pins import has
from tests.kiosk.cards.test_card_work_slot import Forged, Nothing

CHANGE = 0x5E


@pytest.fixture
def central():
    return Settings(hsm="demo")


@pytest.fixture
def settings(settings, bench):
    port = bench.addresses(0)["social_card"]
    return replace(settings, social_card_driver="crt591", social_card_port=port)


@pytest.fixture
def at_slot(citizen):
    person = AtSlot(citizen)
    person.reader._cards.clear()
    yield person
    person.reader.mechanism.tear()


@pytest.fixture
def outcomes(centre):
    """What the centre knows of PINs."""

    def outcomes():
        with centre.database.read() as session:
            rows = session.scalars(select(AuditEntry).where(AuditEntry.action.like("card.pin_%")))
            return [
                (row.action, "unknown" if "unknown" in str(row.details) else "done") for row in rows
            ]

    return outcomes


def test_a_pin_is_changed_and_the_bank_s_is_said_to_stay_5_2(at_slot, citizen, outcomes):
    at_slot.to_new_pin()
    at_slot.types(NEW)
    at_slot.types(NEW)
    citizen.wait("give_card")  # the card comes before the result
    at_slot.takes()
    view = citizen.wait("result")
    assert ("银行密码", "没有改变") in [(row.label, row.value) for row in view.rows]
    assert has(at_slot.card("holder"), NEW)
    assert outcomes() == [("card.pin_change", "done")]
    citizen.press("print_receipt")
    citizen.wait("done")
    citizen.press("finish")
    citizen.wait("home")


def test_f21_a_wrong_pin_and_how_many_tries_the_card_has_left(at_slot, citizen):
    at_slot.to_old_pin()
    at_slot.card("holder").tries = 4
    at_slot.types("314159")
    citizen.sees("F21", "way_again", "way_forgotten", detail="3")
    citizen.press("way_again")
    at_slot.types(OLD)
    citizen.wait("new_pin")


def test_f21_the_last_try_is_left_alone_and_a_reset_offered(at_slot, citizen):
    at_slot.to_old_pin()
    at_slot.card("holder").tries = 2
    at_slot.types("314159")
    assert citizen.wait("refusal").title == FAILURES["pin_last_try"].text
    citizen.press("onward")
    at_slot.resets(known=True)  # nothing that was shown or said is asked for a second time


def test_f22_a_blocked_pin_leads_to_a_reset(at_slot, citizen, outcomes):
    at_slot.begins("pin_change")
    citizen.wait("card")
    at_slot.puts_in("pin_blocked")
    assert citizen.wait("refusal").title == FAILURES["F22"].text
    citizen.press("onward")
    at_slot.resets()
    at_slot.types(NEW)
    at_slot.types(NEW)
    citizen.wait("give_card")
    at_slot.takes()
    citizen.wait("result")
    assert has(at_slot.card("pin_blocked"), NEW)
    assert outcomes() == [("card.pin_reset", "done")]


def test_forgotten_leads_to_a_reset_too(at_slot, citizen):
    at_slot.to_old_pin()
    citizen.press("forgotten")
    at_slot.resets(known=True)


def test_f23_a_weak_pin_by_the_name_of_its_rule(at_slot, citizen):
    at_slot.to_new_pin()
    at_slot.types("123123")
    dialog = citizen.wait("new_pin", dialog="F23").dialog
    assert dialog.text == FAILURES["F23"].cure.format(detail=told("repeated"))
    citizen.press("way_again")
    at_slot.types(NEW)
    at_slot.types(NEW)
    citizen.wait("give_card")


def test_f24_entries_that_differ(at_slot, citizen):
    at_slot.to_new_pin()
    at_slot.types(NEW)
    at_slot.types("739106")
    citizen.sees("F24", "way_again", "way_home")


@pytest.fixture
def torn(at_slot):
    """Has the card torn out of the reader at the CHANGE command, done or not."""

    def torn(*, done):
        card = at_slot.card("holder")
        real = card.transmit

        def transmit(command):
            if command[1] != CHANGE:
                return real(command)
            card.transmit = real
            if done:
                real(command)
            at_slot.reader.mechanism.tear()
            return b""

        card.transmit = transmit

    return torn


@pytest.mark.parametrize("done", [True, False])
def test_f25_the_card_is_pulled_while_it_is_written(at_slot, citizen, torn, outcomes, done):
    at_slot.to_new_pin()
    at_slot.types(NEW)
    torn(done=done)
    at_slot.types(NEW)
    citizen.sees("F25", "way_go_on", "way_window")
    citizen.press("way_go_on")
    at_slot.puts_in("holder")
    if not done:
        citizen.sees("pin_kept", "way_again", "way_window")
        assert has(at_slot.card("holder"), OLD)
        citizen.press("way_again")
    citizen.wait("give_card")
    at_slot.takes()
    citizen.wait("result")
    assert has(at_slot.card("holder"), NEW)
    assert outcomes() == [("card.pin_change", "done")]


def test_f25_who_goes_to_the_window_instead_leaves_a_doubt(at_slot, citizen, torn, outcomes):
    at_slot.to_new_pin()
    at_slot.types(NEW)
    torn(done=True)
    at_slot.types(NEW)
    citizen.sees("F25", "way_go_on", "way_window")
    citizen.press("way_window")
    citizen.refused("F25")
    citizen.wait("home")
    citizen.silence(20)  # the next look at what is open
    citizen.until(lambda: outcomes() == [("card.pin_change", "unknown")])


def test_f28_a_card_of_another_region(at_slot, citizen):
    at_slot.begins("pin_change")
    citizen.wait("card")
    at_slot.puts_in("card_foreign")
    assert citizen.wait("refusal").title == FAILURES["F28"].text
    citizen.press("home")
    at_slot.takes()
    citizen.wait("home")


@pytest.mark.parametrize(
    ("person", "code"),
    [
        ("card_lost", "F16"),
        ("card_cancelled", "F19"),
        ("card_sealed", "F20"),
        ("card_locked", "card_locked"),
    ],
)
def test_f16_f19_f20_a_card_that_is_not_in_use(at_slot, citizen, person, code):
    at_slot.begins("pin_reset")
    citizen.wait("card")
    at_slot.puts_in(person)
    citizen.wait("person_check")
    citizen.press("primary")
    assert citizen.wait("refusal").title == FAILURES[code].text


def test_an_agent_may_not_change_a_pin_and_is_offered_a_reset_5_1(at_slot, citizen):
    at_slot.begins("pin_change", who="agent_adult")
    assert citizen.wait("refusal").title == FAILURES["not_this_way"].text.format(
        detail=told("self")
    )
    citizen.press("onward")
    citizen.wait("card")


def test_an_agent_resets_with_the_holders_card_5_1_2(at_slot, citizen, outcomes, centre):
    at_slot.begins("pin_reset", who="agent_adult")
    citizen.wait("card")
    at_slot.puts_in("holder")
    citizen.wait("agent")
    citizen.place("zhang_san")
    at_slot.resets()
    at_slot.types(NEW)
    at_slot.types(NEW)
    citizen.wait("give_paper")
    citizen.take()
    citizen.wait("give_card")
    at_slot.takes()
    citizen.wait("result")
    assert outcomes() == [("card.pin_reset", "done")]


def test_reset_offline_is_said_before_anything_is_typed_f32(at_slot, citizen, wire):
    at_slot.begins("pin_reset")
    citizen.wait("card")
    at_slot.puts_in("holder")
    citizen.wait("person_check")
    citizen.press("primary")
    citizen.wait("signature")
    wire.set(Wire.REFUSED)
    citizen.sign()
    citizen.sees("reset_offline", "way_again", "way_window")
    wire.set(Wire.GOOD)
    citizen.press("way_again")
    citizen.wait("new_pin")


def test_a_link_lost_after_the_write_is_no_matter_to_the_person(at_slot, citizen, wire, outcomes):
    at_slot.to_new_pin()
    at_slot.types(NEW)
    wire.set(Wire.REFUSED)
    at_slot.types(NEW)
    citizen.wait("give_card", within=30)
    at_slot.takes()
    citizen.wait("result")
    wire.set(Wire.GOOD)
    citizen.press("finish")
    citizen.wait("home")
    citizen.silence(20)
    citizen.until(lambda: outcomes() == [("card.pin_change", "done")])


def test_no_digit_is_in_any_view(at_slot, citizen):
    at_slot.to_old_pin()
    citizen.until(lambda: citizen.view.pin)
    keys = citizen.view.pin.keys
    for digit in "123":
        keys.press(keys.layout.index(int(digit)))
    citizen.until(lambda: citizen.view.pin.dots == 3)
    assert "123" not in repr(citizen.view)


def test_f26_the_reader_is_lost_while_the_card_is_written(at_slot, citizen, outcomes):
    at_slot.to_new_pin()
    at_slot.types(NEW)
    card = at_slot.card("holder")
    real = card.transmit

    def transmit(command):
        if command[1] == CHANGE:
            card.transmit = real
            answer = real(command)
            at_slot.reader.unplug()
            return answer
        return real(command)

    card.transmit = transmit
    at_slot.types(NEW)
    citizen.sees("F26", "way_wait", "way_window")
    at_slot.reader.plug()
    citizen.press("way_wait")
    citizen.wait("give_card")
    at_slot.takes()
    citizen.wait("result")
    assert has(card, NEW)
    assert outcomes() == [("card.pin_change", "done")]


def test_an_answer_the_motor_lost_is_settled_at_once_for_the_card_is_still_in(at_slot, citizen):
    at_slot.to_new_pin()
    at_slot.types(NEW)
    card = at_slot.card("holder")
    real = card.transmit

    def transmit(command):
        if command[1] != CHANGE:
            return real(command)
        card.transmit = real
        real(command)
        return b""

    card.transmit = transmit
    at_slot.types(NEW)
    citizen.wait("give_card")
    assert has(card, NEW)


def test_f27_a_chip_that_says_nothing(at_slot, citizen):
    at_slot.reader._cards["holder"] = Card(MuteCard())
    at_slot.begins("pin_change")
    citizen.wait("card")
    at_slot.puts_in("holder")
    for _ in range(2):
        citizen.sees("F27", "way_again", "way_window")
        citizen.press("way_again")
        at_slot.takes()  # it has to come out before it is looked at again
        at_slot.puts_in("holder")
    citizen.wait("refusal")


def test_a_banks_card_is_none_of_ours(at_slot, citizen):
    at_slot.reader._cards["holder"] = Card(BankCard())
    at_slot.begins("pin_reset")
    citizen.wait("card")
    at_slot.puts_in("holder")
    citizen.sees("card_bank_only", "way_again", "way_home")


def test_a_card_that_cannot_prove_itself(at_slot, citizen):
    """Its challenges are answered with nothing but zeros."""
    at_slot.begins("pin_reset")
    citizen.wait("card")
    at_slot.reader._cards["holder"] = Card(Forged())
    at_slot.puts_in("holder")
    assert citizen.wait("refusal").title == FAILURES["card_not_genuine"].text


def test_f05_the_card_is_another_persons(at_slot, citizen):
    citizen.tap("has_card", "pin_reset")
    citizen.until(lambda: citizen.view.step in {"who", "card"})
    if citizen.view.step == "who":
        citizen.press("self")
    citizen.wait("card")
    at_slot.puts_in("holder")
    citizen.sees("other_holder", "way_again", "way_home")


def test_a_reader_without_its_cable(at_slot, citizen):
    at_slot.begins("pin_change")
    citizen.wait("card")
    citizen.fault("social_card", "unplug")
    citizen.sees("card_reader", "way_again", "way_window")
    citizen.fault("social_card")
    citizen.press("way_again")
    at_slot.puts_in("holder")
    citizen.wait("person_check")


def test_who_has_no_card_here_is_told_what_to_bring(at_slot, citizen):
    at_slot.begins("pin_change")
    citizen.wait("card")
    citizen.press("without_card")
    citizen.refused("card_needed")


def test_a_chip_without_our_application(at_slot, citizen):
    at_slot.begins("pin_reset")
    citizen.wait("card")
    at_slot.reader._cards["holder"] = Card(Nothing())
    at_slot.puts_in("holder")
    citizen.sees("card_not_ours", "way_again", "way_home")


def test_a_pad_of_steel_without_its_cable(at_slot, citizen):
    """Whatever pad it is, it is asked through the same door."""

    def enter(*_args):
        raise DeviceFault("pin_pad", Cure.REPLUG, "no_device")

    pad = citizen.kiosk.house.devices.pin_pad
    pad.enter = enter
    at_slot.begins("pin_change")
    citizen.wait("card")
    at_slot.puts_in("holder")
    citizen.wait("person_check")
    citizen.press("primary")
    citizen.sees("pin_pad", "way_again", "way_window")
    del pad.enter
    citizen.press("way_again")
    at_slot.types(OLD)
    citizen.wait("new_pin")


def test_who_says_at_a_wrong_pin_that_it_is_forgotten(at_slot, citizen):
    at_slot.to_old_pin()
    at_slot.types("314159")
    citizen.sees("F21", "way_again", "way_forgotten", detail="5")
    citizen.press("way_forgotten")
    assert citizen.wait("refusal").title == FAILURES["pin_forgotten"].text
    citizen.press("onward")
    at_slot.resets(known=True)


def test_what_was_typed_and_is_no_longer_known_is_not_written(at_slot, citizen, monkeypatch):
    """As after a restart of the program: nothing of it is kept."""
    at_slot.to_new_pin()
    monkeypatch.setattr(Vault, "keep_new", lambda _vault, pin: pin.wipe())
    at_slot.types(NEW)
    at_slot.types(NEW)
    assert citizen.wait("refusal").title == FAILURES["pin_lost"].text
    monkeypatch.undo()
    citizen.press("onward")
    at_slot.types(OLD)
    citizen.wait("new_pin")
    assert has(at_slot.card("holder"), OLD)
