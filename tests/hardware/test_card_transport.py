"""The motorised reader over a real pty: cards, hands, jams, lost answers; and the next card."""

import contextlib
import tempfile
import threading
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardware.card_transport import driver
from hardware.card_transport.driver import CardFound, MotorSlot, Position, Profile, read_profile
from hardware.card_transport.frames import Control, Deframer, Frame, Reply, build, build_reply
from hardware.card_transport.simulator import Card, CardTransportSimulator, Mechanism
from hardware.chip import ChipGone, ChipMute
from hardware.device import Media, State, Supply
from hardware.fault import Cure, DeviceFault
from hardware.serial_port import PortGone
from hardware.wire.faults import parse
from hardware.wire.serial_device import Order, SerialDevice

NEVER = threading.Event()
FAST = 57600
QUICK = Profile(ack_s=0.15, path_s=0.2, feed_s=0.2, chip_s=0.2, initialise_s=0.2)
ATR = bytes.fromhex("3B6D00000081544343508633010203" + "0405")
SELECT = bytes.fromhex("00A404000F7378312E73682EC9E7BBE1B1A3D5CF")
FCI = bytes.fromhex("6F19840F7378312E73682EC9E7BBE1B1A3D5CFA5069F0C03860103")
VERIFY, ASK = bytes.fromhex("0020000003123456"), bytes.fromhex("00CA000002")
DONE, NOT_VERIFIED = b"\x90\x00", b"\x69\x82"


class TinyChip:
    """A chip with one secret: ASK is answered only after VERIFY, until its power is off."""

    def __init__(self):
        self.heard = []
        self.on = self.verified = False

    def power_on(self):
        self.on = True
        return ATR

    def power_off(self):
        self.on = self.verified = False

    def transmit(self, command):
        assert self.on
        self.heard.append(command)
        if command == VERIFY:
            self.verified = True
            return DONE
        if command == ASK:
            return DONE if self.verified else NOT_VERIFIED
        return FCI + DONE if command == SELECT else b"\x6d\x00"


class Told(TinyChip):
    """A chip that says what it was told to say, and repeats the last."""

    def __init__(self, *answers):
        super().__init__()
        self.answers = list(answers)

    def transmit(self, command):
        self.heard.append(command)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class MuteChip(TinyChip):
    def power_on(self):
        return b""


@pytest.fixture
def simulator(tmp_path):
    mechanism = Mechanism(motion_s=0.01, stacker=[Card(TinyChip()) for _ in range(3)], bin_size=2)
    with CardTransportSimulator(tmp_path / "card_transport", FAST, mechanism) as simulator:
        yield simulator


@pytest.fixture
def hand(simulator):
    return simulator.mechanism


@pytest.fixture
def slot(simulator, monkeypatch):
    monkeypatch.setattr(driver, "POLL_S", 0.02)
    slot = MotorSlot(str(simulator.link), FAST, QUICK)
    yield slot
    slot.close()


@pytest.fixture
def heard(simulator):
    """The names of the orders that the device hears from now on."""
    names, ask = [], simulator.wire.heard

    def listen(name):
        names.append(name)
        return ask(name)

    simulator.wire.heard = listen
    return names


def fault_of(action):
    with pytest.raises(DeviceFault) as caught:
        action()
    fault = caught.value
    assert str(fault) == f"card_transport: {fault.detail} (cure: {fault.cure})"
    assert fault.__cause__ is None or isinstance(fault.__cause__, PortGone)
    return fault.detail, fault.cure


def let_in(slot, hand, chip=None):
    """A person's card is inside."""
    chip = chip or TinyChip()
    hand.offer(Card(chip))
    assert slot.accept(NEVER, 5)
    return chip


def at_gate(slot, hand):
    chip = let_in(slot, hand)
    assert slot.give_back(NEVER, 0) is Media.PRESENT
    return chip


def test_a_card_comes_is_spoken_to_and_goes(simulator, hand, slot):
    chip = let_in(slot, hand)
    assert slot.position is Position.HELD
    with slot.session() as contact:
        assert contact.atr == ATR
        assert contact.transmit(SELECT) == FCI + DONE
        assert contact.transmit(bytearray(VERIFY)) == DONE
        assert contact.transmit(ASK) == DONE
        assert slot.position is Position.IN_CONTACT
    assert not chip.on
    with slot.session() as contact:
        assert contact.transmit(ASK) == NOT_VERIFIED
    hand.takes = True
    assert slot.give_back(NEVER, 5) is Media.NOT_PRESENT
    assert not slot.card_present()
    assert len(hand.stacker) == 3


def test_what_it_is_and_how_it_is(slot, hand):
    capabilities = slot.capabilities()
    assert (slot.name, capabilities.kind) == ("card_transport", "motor")
    assert {"chip", "retain", "dispense"} <= capabilities.features
    status = slot.status()
    assert (status.state, status.media) == (State.ONLINE, Media.NOT_PRESENT)
    assert status.supplies == {"stacker": Supply.LOW, "retain_bin": Supply.OK}
    assert slot.serial_number() == "SIM0000000591"
    assert slot.firmware() == "CRT-591-MR01"
    assert not any(slot.sensors())
    at_gate(slot, hand)
    assert any(slot.sensors())


def test_without_a_stacker_none_is_promised_nor_reported(simulator):
    slot = MotorSlot(str(simulator.link), FAST, Profile(stacker=False))
    assert "dispense" not in slot.capabilities().features
    assert set(slot.status().supplies) == {"retain_bin"}
    slot.close()


def test_nobody_comes_and_the_gate_is_shut_again(slot, hand):
    assert not slot.accept(NEVER, 0.05)
    assert not hand.insert(Card())
    cancel = threading.Event()
    cancel.set()
    began = time.monotonic()
    assert not slot.accept(cancel, 60)
    assert time.monotonic() - began < 30
    assert not hand.insert(Card())


def test_a_card_that_comes_while_somebody_waits(slot, hand):
    came, answers = threading.Event(), []

    def wait():
        answers.append(slot.accept(came, 30))

    waiter = threading.Thread(target=wait)
    waiter.start()
    hand.offer(Card(TinyChip()))
    waiter.join(10)
    assert answers == [True]


def test_a_card_that_comes_as_the_waiting_ends_is_not_forgotten(simulator, slot, hand):
    hand.wait, hand._motion_s = simulator.wire.wait, 0.0
    hand.offer(Card(TinyChip()))
    cancel = threading.Event()
    cancel.set()
    assert slot.accept(cancel, 0)
    assert slot.card_present()


def test_a_card_inside_is_accepted_without_opening_the_gate(slot, hand, heard):
    let_in(slot, hand)
    heard.clear()
    assert slot.accept(NEVER, 0)
    assert "allow" not in heard


def test_left_behind_then_captured_or_taken(slot, hand):
    at_gate(slot, hand)
    assert slot.retain() is Media.RETAINED
    assert (len(hand.bin), slot.bin_count()) == (1, 1)
    assert slot.status().media is Media.RETAINED
    at_gate(slot, hand)
    assert slot.position is Position.AT_GATE
    assert hand.take() is not None
    assert slot.retain() is Media.NOT_PRESENT
    assert slot.give_back(NEVER, 5) is Media.NOT_PRESENT
    assert (len(hand.bin), len(hand.stacker)) == (1, 3)
    slot.bin_emptied()
    assert slot.bin_count() == 0


@pytest.mark.parametrize("deed", [MotorSlot.retain, MotorSlot.reset])
def test_a_card_taken_between_the_look_and_the_capture_is_not_called_captured(
    simulator, hand, deed
):
    slot = MotorSlot(str(simulator.link), FAST, QUICK, CardFound.RETAIN)
    at_gate(slot, hand)
    look = slot._reader.look

    def look_and_lose():
        place = look()
        hand.take()
        return place

    slot._reader.look = look_and_lose
    assert deed(slot) is Media.NOT_PRESENT
    assert (len(hand.bin), len(hand.stacker)) == (0, 3)
    slot.close()


def test_a_card_comes_back_in_from_the_gate(slot, hand):
    chip = at_gate(slot, hand)
    assert slot.accept(NEVER, 5)
    with slot.session() as contact:
        assert contact.transmit(ASK) == NOT_VERIFIED
    assert chip.heard == [ASK]


def test_giving_back_can_be_cancelled_and_asked_again(slot, hand):
    let_in(slot, hand)
    cancel = threading.Event()
    cancel.set()
    assert slot.give_back(cancel, 60) is Media.PRESENT
    hand.take()
    assert slot.give_back(NEVER, 0) is Media.NOT_PRESENT


def test_nothing_is_ever_moved_when_nothing_is_there(slot, hand, heard):
    assert slot.give_back(NEVER, 0) is Media.NOT_PRESENT
    assert slot.retain() is Media.NOT_PRESENT
    with pytest.raises(ChipGone), slot.session():
        pytest.fail("there is no chip")
    assert set(heard) <= {"ack", "status", "initialise", "forbid"}
    assert len(hand.stacker) == 3


def test_a_blank_card_is_fed_and_only_into_an_empty_way(slot, hand):
    assert slot.feed() is Media.PRESENT
    assert len(hand.stacker) == 2
    assert fault_of(slot.feed) == ("occupied", Cure.RETRY)
    with slot.session() as contact:
        assert contact.transmit(SELECT) == FCI + DONE
    assert slot.retain() is Media.RETAINED
    hand.stacker.clear()
    assert fault_of(slot.feed) == ("no_media", Cure.REFILL)
    assert slot.status().supplies["stacker"] is Supply.EMPTY


def test_a_full_bin_takes_no_card_and_the_card_stays(slot, hand):
    for _ in range(2):
        let_in(slot, hand)
        assert slot.retain() is Media.RETAINED
    assert slot.status().supplies["retain_bin"] is Supply.FULL
    let_in(slot, hand)
    assert fault_of(slot.retain) == ("retain_bin_full", Cure.REFILL)
    assert slot.card_present()
    hand.empty_bin()
    assert slot.retain() is Media.RETAINED


def test_a_jam_is_told_and_over_when_the_card_was_taken_out(slot, hand):
    let_in(slot, hand)
    hand.trouble = "10"
    assert fault_of(lambda: slot.give_back(NEVER, 0)) == ("media_jam", Cure.ATTENDANT)
    status = slot.status()
    assert (status.state, status.media, status.detail, status.cure) == (
        State.HARDWARE_ERROR, Media.JAMMED, "media_jam", Cure.ATTENDANT,
    )  # fmt: skip
    for stuck in (lambda: slot.accept(NEVER, 0), slot.session().__enter__, slot.retain):
        assert fault_of(stuck) == ("media_jam", Cure.ATTENDANT)
    hand.trouble = ""
    hand.tear()
    hand._torn = False
    assert slot.status().media is Media.NOT_PRESENT
    let_in(slot, hand)


@pytest.mark.parametrize("out", [Media.RETAINED, Media.PRESENT])
def test_a_jam_that_loosens_ends_by_moving_the_card_out(slot, hand, out):
    let_in(slot, hand)
    hand.trouble = "10"
    fault_of(lambda: slot.give_back(NEVER, 0))
    hand.trouble = ""
    done = slot.retain() if out is Media.RETAINED else slot.give_back(NEVER, 0)
    assert done is out


def test_a_hand_that_holds_the_card_at_the_gate(slot, hand):
    at_gate(slot, hand)
    hand.holds = True
    assert fault_of(slot.retain) == ("media_jam", Cure.ATTENDANT)
    hand.holds = False
    assert slot.reset() is Media.PRESENT
    assert slot.retain() is Media.RETAINED


@pytest.mark.parametrize(
    ("code", "detail", "cure"),
    [
        ("12", "hardware_error", Cure.ATTENDANT),
        ("43", "media_jam", Cure.ATTENDANT),
        ("51", "hardware_error", Cure.ATTENDANT),
        ("99", "hardware_error", Cure.ATTENDANT),
        ("13", "card_too_long", Cure.RETRY),
    ],
)
def test_what_the_mechanism_refuses_is_told(slot, hand, code, detail, cure):
    let_in(slot, hand)
    hand.trouble = code
    assert fault_of(lambda: slot.give_back(NEVER, 0)) == (detail, cure)
    hand.trouble = ""
    assert slot.give_back(NEVER, 0) is Media.PRESENT


def test_a_card_torn_out_while_it_is_spoken_to(slot, hand):
    chip = let_in(slot, hand)
    with slot.session() as contact:
        contact.transmit(VERIFY)
        hand.tear()
        with pytest.raises(ChipGone):
            contact.transmit(ASK)
        assert slot.position is Position.UNKNOWN
    assert chip.heard == [VERIFY]
    assert not slot.card_present()
    hand._torn = False
    let_in(slot, hand)


@pytest.mark.parametrize("chip", [None, MuteChip()])
def test_a_card_without_a_chip_that_answers_is_mute_and_goes_back(slot, hand, chip):
    hand.offer(Card(chip))
    assert slot.accept(NEVER, 5)
    with pytest.raises(ChipMute), slot.session():
        pytest.fail("it is mute")
    assert slot.give_back(NEVER, 0) is Media.PRESENT


def test_a_chip_that_falls_silent_is_gone(slot, hand):
    let_in(slot, hand, Told(DONE, b""))
    with slot.session() as contact:
        assert contact.transmit(ASK) == DONE
        with pytest.raises(ChipGone):
            contact.transmit(ASK)


def test_an_answer_without_a_status_word_is_invalid(slot, hand):
    let_in(slot, hand, Told(b"\x90"))
    with slot.session() as contact:
        assert fault_of(lambda: contact.transmit(ASK)) == ("invalid_data", Cure.RETRY)


def test_more_data_and_a_wrong_length_are_followed_up(slot, hand):
    chip = let_in(slot, hand, Told(b"\x6c\x04", b"ab\x61\x02", b"cd\x90\x00"))
    with slot.session() as contact:
        assert contact.transmit(bytes.fromhex("00B2010400")) == b"abcd\x90\x00"
    assert chip.heard == [
        bytes.fromhex("00B2010400"), bytes.fromhex("00B2010404"), bytes.fromhex("00C0000002"),
    ]  # fmt: skip


@pytest.mark.parametrize("command", ["00840000", "00A404000173", "00A40400017300"])
def test_only_a_command_that_changes_nothing_is_sent_again_with_the_right_length(
    slot, hand, command
):
    chip = let_in(slot, hand, Told(b"\x6c\x08"))
    with slot.session() as contact:
        assert contact.transmit(bytes.fromhex(command)) == b"\x6c\x08"
    assert chip.heard == [bytes.fromhex(command)]


@pytest.mark.parametrize("endless", [b"\x61\x10", bytes(200) + b"\x61\x00"])
def test_an_answer_without_an_end_is_invalid(slot, hand, endless):
    let_in(slot, hand, Told(endless))
    with slot.session() as contact:
        assert fault_of(lambda: contact.transmit(ASK)) == ("invalid_data", Cure.RETRY)


def test_a_chip_of_an_earlier_session_is_gone(slot, hand):
    let_in(slot, hand)
    with slot.session() as earlier:
        pass
    with slot.session() as contact:
        with pytest.raises(ChipGone):
            earlier.transmit(SELECT)
        assert contact.transmit(SELECT) == FCI + DONE


# An answer that was lost. The orders that a fault counts are: ack, command, and resend.


def test_a_move_whose_answer_was_lost_is_asked_about_and_not_repeated(simulator, slot, hand, heard):
    let_in(slot, hand)
    heard.clear()
    simulator.go_wrong(parse("did_it after 3 times 3"))  # behind status and the move's own ack
    assert slot.give_back(NEVER, 0) is Media.PRESENT
    assert heard.count("to_gate") == 1
    assert heard[:7] == ["ack", "status", "ack", "to_gate", "resend", "resend", "eot"]


def test_a_move_that_was_not_heard_is_sent_again_behind_a_status(simulator, slot, hand, heard):
    let_in(slot, hand)
    heard.clear()
    simulator.go_wrong(parse("silence after 2 times 1"))  # the ack of the move
    assert slot.give_back(NEVER, 0) is Media.PRESENT
    assert heard[2:8] == ["ack", "to_gate", "eot", "ack", "status", "ack"]
    assert heard.count("to_gate") == 2


def test_a_capture_whose_answer_was_lost_is_known_to_be_one(simulator, slot, hand):
    let_in(slot, hand)
    simulator.go_wrong(parse("did_it after 3 times 3"))
    assert slot.retain() is Media.RETAINED
    assert len(hand.bin) == 1


def test_a_feed_whose_answer_was_lost_takes_one_card(simulator, slot, hand):
    slot.status()
    simulator.go_wrong(parse("did_it after 3 times 3"))
    assert slot.feed() is Media.PRESENT
    assert len(hand.stacker) == 2


@pytest.mark.parametrize("lost", ["did_it after 1 times 3", "did_it only ack times 1"])
def test_a_chip_command_whose_answer_was_lost_is_never_sent_again(
    simulator, slot, hand, heard, lost
):
    chip = let_in(slot, hand)
    with slot.session() as contact:
        simulator.go_wrong(parse(lost))
        with pytest.raises(ChipGone):
            contact.transmit(VERIFY)
        with pytest.raises(ChipGone):
            contact.transmit(ASK)
        assert not chip.on
    assert chip.heard == [VERIFY]
    assert heard.count("apdu") == 1
    with slot.session() as contact:
        assert contact.transmit(ASK) == NOT_VERIFIED


@pytest.mark.parametrize(
    "bent", ["flip_bit 60 only apdu", "drop_last 2 only apdu", "did_it only apdu"]
)
def test_an_answer_that_came_damaged_is_asked_for_and_the_chip_asked_once(
    simulator, slot, hand, bent
):
    chip = let_in(slot, hand)
    with slot.session() as contact:
        simulator.go_wrong(parse(bent))
        assert contact.transmit(SELECT) == FCI + DONE
    assert chip.heard == [SELECT]


def test_an_answer_that_came_twice_is_not_taken_for_the_next(simulator, slot, hand):
    let_in(slot, hand)
    with slot.session() as contact:
        simulator.go_wrong(parse("twice"))
        assert contact.transmit(SELECT) == FCI + DONE
        assert contact.transmit(VERIFY) == DONE
        assert contact.transmit(ASK) == DONE


def test_the_chip_has_no_power_before_anything_else_when_the_line_is_back(simulator, slot, hand):
    chip = let_in(slot, hand)
    with contextlib.suppress(DeviceFault), slot.session() as contact:
        contact.transmit(VERIFY)
        simulator.go_wrong(parse("half_open"))
        contact.transmit(ASK)
    assert chip.verified  # nobody could tell the device
    simulator.go_right()
    assert slot.card_present()
    assert not chip.on


# Power, plug, and what was inside before.


def test_a_device_that_lost_its_power_is_initialised_and_the_card_stays(simulator, slot, hand):
    let_in(slot, hand)
    simulator.power_cycle()
    assert slot.status().media is Media.PRESENT
    with slot.session() as contact:
        simulator.power_cycle()
        with pytest.raises((ChipGone, DeviceFault)):
            contact.transmit(SELECT)
    with slot.session() as contact:
        assert contact.transmit(SELECT) == FCI + DONE


@pytest.mark.parametrize(
    ("found", "goes", "st0"),
    [
        (CardFound.EXIT, Media.PRESENT, "1"),
        (CardFound.RETAIN, Media.RETAINED, "0"),
        (CardFound.LEAVE, Media.PRESENT, "2"),
    ],
)
@pytest.mark.parametrize("gate_first", [False, True])
def test_a_card_found_after_power_on_goes_where_it_is_told(
    simulator, hand, found, goes, st0, gate_first
):
    slot = MotorSlot(str(simulator.link), FAST, card_found=found)
    hand.left_inside(Card(TinyChip()))
    assert slot.status().media is Media.PRESENT
    if gate_first:
        assert slot.give_back(NEVER, 0) is Media.PRESENT
    assert slot.reset() is goes
    assert hand.place == ("1" if gate_first and found is CardFound.LEAVE else st0)
    slot.close()


def test_reset_with_nothing_inside_says_so(slot, hand):
    assert slot.reset() is Media.NOT_PRESENT
    assert len(hand.stacker) == 3


def test_reset_after_a_jam_moves_the_card_out(slot, hand):
    let_in(slot, hand)
    hand.trouble = "10"
    fault_of(lambda: slot.give_back(NEVER, 0))
    assert fault_of(slot.reset) == ("media_jam", Cure.ATTENDANT)
    hand.trouble = ""
    assert slot.reset() is Media.PRESENT
    assert slot.position is Position.AT_GATE


def test_a_gate_left_open_by_a_lost_line_is_shut_first(simulator, slot, hand):
    slot.status()
    simulator.go_wrong(parse("silence only status after 1"))
    assert fault_of(lambda: slot.accept(NEVER, 1)) == ("time_out", Cure.REPLUG)
    simulator.go_right()
    assert not slot.card_present()
    assert not hand.insert(Card())


def test_unplugged_while_it_waits_and_plugged_again(simulator, slot, hand):
    simulator.go_wrong(parse("unplug only status after 3"))
    assert fault_of(lambda: slot.accept(NEVER, 5)) == ("no_device", Cure.REPLUG)
    assert fault_of(slot.status) == ("no_device", Cure.REPLUG)
    simulator.go_right()
    let_in(slot, hand)


@pytest.mark.parametrize(
    ("silence", "within_s"),
    [
        ("silence", 4),  # three calls
        ("silence after 2", 5),  # a move that is called once, EOT, three calls for the status
        ("silence only status", 6),  # it says ACK: the path's time, and two repetitions
    ],
)
def test_a_silent_device_is_told_in_time(tmp_path, silence, within_s):
    with CardTransportSimulator(tmp_path / "slow") as simulator:
        slot = MotorSlot(str(simulator.link))
        let_in(slot, simulator.mechanism)
        simulator.go_wrong(parse(silence))
        began = time.monotonic()
        assert fault_of(lambda: slot.give_back(NEVER, 0)) == ("time_out", Cure.REPLUG)
        assert time.monotonic() - began < within_s
        simulator.go_right()
        assert slot.give_back(NEVER, 0) is Media.PRESENT
        slot.close()


def test_a_port_that_another_program_holds_is_not_shared(simulator, slot):
    other = MotorSlot(str(simulator.link), FAST)
    other.status()
    assert fault_of(slot.status) == ("device_not_ready", Cure.ATTENDANT)
    other.close()
    slot.status()


def test_a_port_that_is_no_terminal_is_no_device(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    slot = MotorSlot(str(tmp_path / "file"))
    assert fault_of(slot.status) == ("no_device", Cure.REPLUG)


class Plugs:
    """A reader to unplug and to plug; `work` is one exchange."""

    def __init__(self, simulator, slot):
        self.plug, self.unplug = simulator.plug, simulator.unplug
        self.work = slot.status


@contextlib.contextmanager
def plug_rig():
    with (
        tempfile.TemporaryDirectory() as folder,
        CardTransportSimulator(Path(folder) / "card_transport", FAST) as simulator,
    ):
        slot = MotorSlot(str(simulator.link), FAST)
        yield Plugs(simulator, slot)
        slot.close()


def test_replugs_leak_neither_a_thread_nor_a_file():
    with plug_rig() as rig:
        rig.work()
        before = open_files(), threading.active_count()
        for _ in range(30):
            rig.unplug()
            assert fault_of(rig.work) == ("no_device", Cure.REPLUG)
            rig.plug()
            rig.work()
        assert (open_files(), threading.active_count()) == before


def open_files():
    return len(list(Path("/proc/self/fd").iterdir()))


# A device that is not ours: it says what it is told, frame by frame.


class Stranger:
    """Answers each frame it hears by `script`: the frame in, the bytes out. It never needs EOT."""

    def __init__(self, script):
        self.script, self.heard, self.deframer = script, [], Deframer()
        self.controls = []

    def power_on(self):
        """It needs no initialisation."""

    def hear(self, data):
        for item in self.deframer.feed(data):
            if isinstance(item, Frame):
                yield Order("", build(item.address, item.text))
            else:
                self.controls.append(item)

    def obey(self, order):
        self.heard.append(order.frame)
        return self.script(order.frame)


@contextlib.contextmanager
def stranger(tmp_path, script, profile=QUICK):
    firmware = Stranger(script)
    with SerialDevice(tmp_path / "stranger", FAST, firmware) as device:
        slot = MotorSlot(str(device.link), FAST, profile)
        yield slot, firmware.heard
        slot.close()


def done(frame, words="000", data=b""):
    """The ACK and the reply of a device that does everything."""
    return b"\x06" + reply_to(frame, Reply(frame[5:7], refused=False, words=words, data=data))


def reply_to(frame, reply, refusal=b"N"):
    return build_reply(frame[1], reply, refusal)


STATUS, FORBID = build(0, b"C10"), build(0, b"C31")


def test_a_device_that_sends_ack_and_reply_at_once_and_knows_no_initialisation(tmp_path):
    with stranger(tmp_path, done) as (slot, heard):
        assert slot.status().media is Media.NOT_PRESENT
    assert heard == [STATUS, FORBID, STATUS]


def test_every_reply_is_acknowledged_and_nothing_else_said(tmp_path):
    firmware = Stranger(done)
    with SerialDevice(tmp_path / "stranger", FAST, firmware) as device:
        slot = MotorSlot(str(device.link), FAST, QUICK)
        slot.status()
        slot.status()  # when this is answered, what was said before has been heard
        slot.close()
    assert firmware.controls[:3] == [Control.ACK] * 3
    assert set(firmware.controls) == {Control.ACK}


def test_what_nobody_asked_for_is_not_an_answer(simulator, slot):
    slot.status()
    simulator.say(done(STATUS, "210"))
    assert slot.status().media is Media.NOT_PRESENT


def test_a_command_that_came_damaged_is_sent_again(tmp_path):
    naks = [b"\x15", b"\x15"]
    with stranger(tmp_path, lambda frame: naks.pop() if naks else done(frame)) as (slot, heard):
        slot.status()
    assert heard[:3] == [STATUS] * 3


def test_a_device_that_never_takes_a_command_is_a_fault(tmp_path):
    with stranger(tmp_path, lambda _: b"\x15") as (slot, heard):
        assert fault_of(slot.status) == ("invalid_data", Cure.RETRY)
    assert heard == [STATUS] * 3


def test_a_stray_byte_that_looks_like_nak_repeats_nothing(tmp_path):
    with stranger(tmp_path, lambda frame: b"\x15\x00" + done(frame)) as (slot, heard):
        slot.status()
    assert heard == [STATUS, FORBID, STATUS]


@pytest.mark.parametrize(
    "other",
    [
        build_reply(3, Reply(b"10", refused=False, words="200")),  # another device on the line
        build_reply(0, Reply(b"21", refused=False, words="200")),  # another command
        build(0, b"C10"),  # an echo
        b"\x06\x04",
    ],
)
def test_what_answers_for_another_is_not_taken(tmp_path, other):
    def script(frame):
        answer = done(frame)
        return answer[:1] + other + answer[1:]

    with stranger(tmp_path, script) as (slot, _heard):
        assert slot.status().media is Media.NOT_PRESENT


def test_a_reply_before_the_ack_of_its_command_is_of_an_older_one(tmp_path):
    old = done(STATUS, "200")[1:]
    with stranger(tmp_path, lambda frame: old + done(frame)) as (slot, _heard):
        assert slot.status().media is Media.NOT_PRESENT


def test_another_address_and_e_for_no(tmp_path):
    def script(frame):
        no = Reply(frame[5:7], refused=True, words="12")
        refuses = frame[5:7] == b"\xa4\x30"
        return b"\x06" + reply_to(frame, no, b"E") if refuses else done(frame)

    with stranger(tmp_path, script, Profile(address=9, refusals="E")) as (slot, heard):
        assert fault_of(slot.firmware) == ("hardware_error", Cure.ATTENDANT)
    assert heard[0] == build(9, b"C10")


def test_a_device_that_is_never_reset_is_not_ready(tmp_path):
    def script(frame):
        return b"\x06" + reply_to(frame, Reply(frame[5:7], refused=True, words="B0"))

    with stranger(tmp_path, script) as (slot, _heard):
        assert fault_of(slot.status) == ("device_not_ready", Cure.RETRY)


def test_a_place_that_no_source_knows_is_not_guessed(tmp_path):
    with stranger(tmp_path, lambda frame: done(frame, "700")) as (slot, _heard):
        assert slot.status().media is Media.UNKNOWN
        assert fault_of(lambda: slot.give_back(NEVER, 0)) == ("invalid_data", Cure.RETRY)


@pytest.mark.parametrize("data", [b"", b"12a", b"12345", b"\xff\xff\xff"])
def test_a_count_that_is_none_is_invalid(tmp_path, data):
    with stranger(tmp_path, lambda frame: done(frame, data=data)) as (slot, _heard):
        assert fault_of(slot.bin_count) == ("invalid_data", Cure.RETRY)


@given(st.binary(max_size=40))
def test_a_name_of_any_bytes_is_printable(data):
    slot = MotorSlot("nowhere")
    slot._reader.ask = lambda *_: Reply(b"\xa2\x30", refused=False, words="000", data=data)
    assert (slot.serial_number() + slot.firmware()).isprintable()


# Any story.


DEEDS = {
    "accept": lambda slot, hand: slot.accept(NEVER, 0.02),
    "session": lambda slot, hand: slot.session().__enter__().transmit(SELECT),
    "give_back": lambda slot, hand: slot.give_back(NEVER, 0),
    "retain": lambda slot, hand: slot.retain(),
    "reset": lambda slot, hand: slot.reset(),
    "offer": lambda slot, hand: hand.offer(Card(TinyChip())),
    "take": lambda slot, hand: hand.take(),
    "tear": lambda slot, hand: hand.tear(),
    "holds": lambda slot, hand: setattr(hand, "holds", not hand.holds),
    "jams": lambda slot, hand: setattr(hand, "trouble", "" if hand.trouble else "10"),
    "power": lambda slot, hand: hand.power_on(),
    "feed": lambda slot, hand: slot.feed(),
}
SEES = {
    "0": {"nothing", "retained"},
    "1": {"at_gate", "jammed"},
    "2": {"held", "in_contact", "jammed"},
}


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.sampled_from(list(DEEDS)), max_size=10))
def test_after_any_story_the_driver_knows_where_the_card_is(tmp_path, story):
    blanks = [Card(TinyChip()) for _ in range(9)]
    mechanism = Mechanism(Profile(path_s=0.02), motion_s=0.0, stacker=blanks)
    with CardTransportSimulator(tmp_path / "any", 115200, mechanism) as simulator:
        slot = MotorSlot(str(simulator.link), 115200, mechanism.profile)
        fed = 0
        for name in story:
            try:
                before = len(mechanism.stacker)
                DEEDS[name](slot, mechanism)
            except (DeviceFault, ChipGone, ChipMute):
                pass
            fed += before - len(mechanism.stacker)
            assert name == "feed" or before == len(mechanism.stacker)
        assert fed <= story.count("feed")
        slot.card_present()
        assert slot.position in SEES[mechanism.place]
        assert not (slot.position is Position.RETAINED and not mechanism.bin)
        slot.close()


# Profiles.

PROFILES = Path("config/profiles/card_transport.toml")


def test_the_profiles_that_come_with_the_kiosk():
    assert read_profile(PROFILES, "crt591") == Profile()
    assert read_profile(PROFILES, "crt591_bin_inverted") == Profile(bin_full="0")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[other]", r"no table \[crt591\]; there are other"),
        ("crt591 = 3", "no table"),
        ("[crt591", "profile.toml"),
        ("[crt591]\nadress = 1", "adress: there are address"),
        ("[crt591]\naddress = 16", "write 0 to 15"),
        ("[crt591]\naddress = true", "write 0 to 15"),
        ("[crt591]\nrefusals = 'X'", "write"),
        ("[crt591]\nbin_full = 1", "write"),
        ("[crt591]\npath_s = -1", "write seconds"),
        ("[crt591]\nstacker = 1", "write true or false"),
    ],
)
def test_a_profile_that_cannot_be_is_refused_with_a_word(tmp_path, text, says):
    path = tmp_path / "profile.toml"
    path.write_text(text)
    with pytest.raises(ValueError, match=says):
        read_profile(path, "crt591")


def test_bin_and_no_by_the_profile(tmp_path):
    profile = Profile(address=5, bin_full="0", refusals="E")
    mechanism = Mechanism(profile, motion_s=0.0, bin_size=1)
    with CardTransportSimulator(tmp_path / "other", FAST, mechanism, refusal="E") as simulator:
        slot = MotorSlot(str(simulator.link), FAST, profile)
        assert slot.status().supplies["retain_bin"] is Supply.OK
        let_in(slot, mechanism)
        slot.retain()
        assert slot.status().supplies["retain_bin"] is Supply.FULL
        let_in(slot, mechanism)
        assert fault_of(slot.retain) == ("retain_bin_full", Cure.REFILL)
        slot.close()
