"""Lamps, buttons and doors over a real serial line."""

import contextlib
import queue
import threading
import time
from pathlib import Path

import pytest

from hardware.auxiliaries import frames
from hardware.auxiliaries.driver import (
    Alarm,
    Auxiliaries,
    Flash,
    Inputs,
    Light,
    Word,
    read_profile,
)
from hardware.auxiliaries.profile import Profile
from hardware.auxiliaries.simulator import AuxiliariesSimulator, BoardFirmware
from hardware.device import Device, Media, State, state_of
from hardware.fault import Cure, DeviceFault
from hardware.wire.faults import parse

PROFILE = read_profile(Path("config/profiles/auxiliaries.toml"))
PATIENCE_S = 5.0
AT_REST = Inputs(Word.OFF, Word.CLOSED, Word.NOT_PRESENT, Word.NOT_PRESENT)
DARK = dict.fromkeys(PROFILE.outputs, False)


@pytest.fixture
def link(tmp_path):
    return tmp_path / "auxiliaries"


@pytest.fixture
def simulator(link):
    with AuxiliariesSimulator(link, PROFILE) as simulator:
        yield simulator


@pytest.fixture
def lamps(link):
    lamps = Auxiliaries(str(link), 1, PROFILE)
    yield lamps
    lamps.close()


class Watched:
    """What a watch told, in order; `ask` waits for the next."""

    def __init__(self, lamps: Auxiliaries) -> None:
        self.inputs: queue.Queue[Inputs] = queue.Queue()
        self.faults: queue.Queue[DeviceFault | None] = queue.Queue()
        lamps.watch(self.inputs.put, self.faults.put)

    def next_inputs(self) -> Inputs:
        return self.inputs.get(timeout=PATIENCE_S)

    def next_fault(self) -> str | None:
        fault = self.faults.get(timeout=PATIENCE_S)
        return fault and fault.detail


def _told(call):
    with pytest.raises(DeviceFault) as told:
        call()
    assert told.value.device == "auxiliaries"
    return told.value.cure, told.value.detail


def _until(condition):
    until = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < until, "it never came to be"
        time.sleep(0.01)


def test_a_lamp_is_lit_and_dark_again(simulator, lamps):
    lamps.set_light(Light.ID_READER, Flash.CONTINUOUS)
    assert simulator.lights() == DARK | {"id_reader": True}
    lamps.set_light(Light.HELP, Flash.CONTINUOUS)
    assert simulator.lights() == DARK | {"id_reader": True, "help": True}
    lamps.set_light(Light.ID_READER, Flash.OFF)
    assert simulator.lights() == DARK | {"help": True}


def test_it_is_a_device(simulator, lamps):
    device: Device = lamps
    assert device.status().state is State.ONLINE
    assert device.capabilities().interface == "auxiliaries"
    assert {"help", "audible_alarm", "cabinet_door"} <= device.capabilities().features
    lamps.set_light(Light.HELP, Flash.CONTINUOUS)
    assert device.reset() is Media.UNKNOWN
    assert simulator.lights() == DARK


def test_nothing_is_opened_before_the_first_command(link):
    Auxiliaries(str(link), 1, PROFILE).close()


@pytest.mark.parametrize("unit", [0, 248, -1])
def test_a_unit_that_no_board_can_have_is_refused(link, unit):
    with pytest.raises(ValueError, match="unit must be 1 to 247"):
        Auxiliaries(str(link), unit, PROFILE)


def test_the_inputs_as_they_are(simulator, lamps):
    assert lamps.inputs() == AT_REST
    simulator.set("operator_call_button", "on")
    simulator.set("cabinet_door", "open")
    assert lamps.inputs() == simulator.inputs()
    assert lamps.inputs() == Inputs(Word.ON, Word.OPEN, Word.NOT_PRESENT, Word.NOT_PRESENT)


def test_a_watch_tells_each_change_once(simulator, lamps):
    watched = Watched(lamps)
    assert watched.next_inputs() == AT_REST
    for name, word, rest in [
        ("operator_call_button", "on", "off"),
        ("enhanced_audio", "present", "not_present"),
        ("cabinet_door", "open", "closed"),
        ("proximity", "present", "not_present"),
    ]:
        simulator.set(name, word)
        assert getattr(watched.next_inputs(), name) == word
        simulator.set(name, rest)
        assert watched.next_inputs() == AT_REST
    assert watched.inputs.empty()
    assert (watched.next_fault(), watched.faults.empty()) == (None, True)


class Bouncing(BoardFirmware):
    """A button that reads otherwise each time, until it is still."""

    still = False

    def obey(self, order):
        if order.name == "read_inputs" and not self.still:
            self.inputs[0] = not self.inputs[0]
        return super().obey(order)


def test_a_contact_that_bounces_is_no_change(link, lamps):
    board = Bouncing(1, PROFILE.coils, PROFILE.contacts)
    with AuxiliariesSimulator(link, PROFILE, firmware=board) as simulator:
        board.still = True
        watched = Watched(lamps)
        assert watched.next_inputs() == AT_REST
        board.still = False
        asked = len(board.history)
        lamps.set_light(Light.CAMERA, Flash.QUICK)  # a clock: it has changed four times meanwhile
        _until(lambda: len(board.history) > asked + 4)
        assert watched.inputs.empty()
        board.still = True
        simulator.set("operator_call_button", "on")
        assert watched.next_inputs().operator_call_button == "on"


def test_lamps_flash_at_their_rates(simulator, lamps):
    lamps.watch(lambda _inputs: None)
    lamps.set_light(Light.CAMERA, Flash.QUICK)
    number = PROFILE.outputs["camera"]
    history = simulator.board.history
    _until(lambda: len([1 for _, coils in history if coils[number]]) >= 4)
    lamps.set_light(Light.CAMERA, Flash.OFF)
    rises = [at for at, coils in history if coils[number]][1:4]
    assert (rises[-1] - rises[0]) / 2 == pytest.approx(0.5, abs=0.25)  # 2 Hz, not 1
    _until(lambda: simulator.lights() == DARK)


def test_an_alarm_beeps_and_ends_by_itself(simulator, lamps):
    lamps.watch(lambda _inputs: None)
    number = PROFILE.outputs["audible_alarm"]
    history = simulator.board.history
    lamps.sound_alarm(Alarm.WARNING)
    assert simulator.lit("audible_alarm")
    _until(lambda: len(history) >= 4)
    assert [coils[number] for _, coils in history] == [True, False, True, False]
    lamps.sound_alarm(Alarm.CRITICAL)
    assert simulator.lit("audible_alarm")
    lamps.sound_alarm(Alarm.OFF)
    assert not simulator.lit("audible_alarm")


def test_lamps_that_are_not_fitted_are_passed_over(link):
    profile = Profile({"help": 0}, {})
    with AuxiliariesSimulator(link, profile) as simulator:
        lamps = Auxiliaries(str(link), 1, profile)
        lamps.set_light(Light.CAMERA, Flash.CONTINUOUS)
        lamps.sound_alarm(Alarm.CRITICAL)
        assert lamps.inputs() == Inputs()
        assert lamps.status().state is State.ONLINE
        assert simulator.lights() == {"help": False}
        lamps.close()


@pytest.mark.parametrize("away", ["unplug", "power_cycle"])
def test_what_was_lit_is_lit_again_when_the_board_is_back(simulator, lamps, away):
    watched = Watched(lamps)
    lamps.set_light(Light.HELP, Flash.CONTINUOUS)
    watched.next_inputs()
    assert watched.next_fault() is None
    getattr(simulator, away)()
    simulator.plug()
    assert simulator.plugged
    _until(lambda: simulator.lit("help"))


def test_a_board_that_lost_its_power_behind_its_converter_is_lit_again(simulator, lamps):
    lamps.watch(lambda _inputs: None)
    lamps.set_light(Light.HELP, Flash.CONTINUOUS)
    simulator.board.power_on()  # the port is the converter's, and stays
    assert not simulator.lit("help")
    _until(lambda: simulator.lit("help"))


def test_what_was_set_while_the_board_was_away_is_shown_when_it_comes(simulator, lamps):
    watched = Watched(lamps)
    watched.next_inputs()
    assert watched.next_fault() is None
    simulator.unplug()
    assert _told(lambda: lamps.set_light(Light.CAMERA, Flash.CONTINUOUS)) == (
        Cure.REPLUG,
        "no_device",
    )
    assert watched.next_fault() == "no_device"
    simulator.plug()
    _until(lambda: simulator.lit("camera"))
    assert watched.next_fault() is None
    assert watched.inputs.empty(), "what was known stays known"


def test_all_is_dark_after_close_and_the_next_command_takes_it_again(simulator, lamps):
    lamps.watch(lambda _inputs: None)
    lamps.set_light(Light.HELP, Flash.CONTINUOUS)
    lamps.sound_alarm(Alarm.CRITICAL)
    lamps.close()
    assert simulator.lights() == DARK
    lamps.set_light(Light.CAMERA, Flash.CONTINUOUS)
    assert simulator.lights() == DARK | {"camera": True}


def test_what_a_killed_kiosk_left_lit_is_dark_after_the_first_command(simulator, lamps):
    simulator.board.coils[:] = [True] * PROFILE.coils
    lamps.status()
    assert simulator.lights() == DARK


def test_a_board_that_is_away_can_be_closed(simulator, lamps):
    lamps.set_light(Light.HELP, Flash.CONTINUOUS)
    simulator.unplug()
    lamps.close()


def test_a_hearer_that_fails_does_not_end_the_watch(simulator, lamps, caplog):
    heard = queue.Queue()

    def hear(inputs):
        heard.put(inputs)
        raise KeyError("a mistake of the hearer")

    lamps.watch(hear)
    assert heard.get(timeout=PATIENCE_S) == AT_REST
    simulator.set("proximity", "present")
    assert heard.get(timeout=PATIENCE_S).proximity == "present"
    assert "KeyError" in caplog.text


def test_a_watch_can_be_ended_by_what_it_calls(simulator, lamps):
    ended = threading.Event()

    def hear(_inputs):
        lamps.close()
        ended.set()

    lamps.watch(hear)
    assert ended.wait(PATIENCE_S)
    assert simulator.lights() == DARK


class Impostor(BoardFirmware):
    """Answers with something that is not the answer."""

    def __init__(self, change) -> None:
        super().__init__(1, PROFILE.coils, PROFILE.contacts)
        self.change = change

    def obey(self, order):
        return self.change(super().obey(order))


def _as_unit_2(reply):
    return frames.seal(b"\x02" + reply[1:-2])


def _as_function_3(reply):
    return frames.seal(reply[:1] + b"\x03" + reply[2:-2])


@pytest.mark.parametrize("change", [_as_unit_2, _as_function_3])
def test_an_answer_of_another_is_never_taken(link, lamps, change):
    board = Impostor(change)
    with AuxiliariesSimulator(link, PROFILE, firmware=board):
        assert _told(lamps.status) == (Cure.RETRY, "invalid_data")
        board.change = lambda reply: change(reply) + reply
        assert lamps.status().state is State.ONLINE


def test_a_board_with_another_number_is_silent(link):
    with AuxiliariesSimulator(link, PROFILE, unit=2):
        lamps = Auxiliaries(str(link), 1, PROFILE)
        assert _told(lamps.status) == (Cure.REPLUG, "time_out")
        lamps.close()


@pytest.mark.parametrize(
    ("code", "cure", "detail"),
    [
        (0x01, Cure.ATTENDANT, "unsupported_data"),
        (0x02, Cure.ATTENDANT, "unsupported_data"),
        (0x03, Cure.ATTENDANT, "unsupported_data"),
        (0x04, Cure.ATTENDANT, "hardware_error"),
        (0x06, Cure.RETRY, "device_not_ready"),
        (0x63, Cure.ATTENDANT, "hardware_error"),
    ],
)
def test_what_the_board_refuses(link, lamps, code, cure, detail):
    board = Impostor(lambda reply: frames.seal(bytes([1, reply[1] | 0x80, code])))
    with AuxiliariesSimulator(link, PROFILE, firmware=board):
        began = time.monotonic()
        assert _told(lambda: lamps.set_light(Light.HELP, Flash.CONTINUOUS)) == (cure, detail)
        assert time.monotonic() - began < 0.3, "an exception ends the wait"
        board.change = lambda reply: reply
        assert lamps.status().state is State.ONLINE


def test_a_board_with_fewer_outputs_than_the_profile_says_so(link, lamps):
    with AuxiliariesSimulator(link, PROFILE, firmware=BoardFirmware(1, 4, 4)):
        assert _told(lamps.status) == (Cure.ATTENDANT, "unsupported_data")


class Stuck(BoardFirmware):
    """Its first relay never moves."""

    def _switch(self, first, values):
        super()._switch(first, values)
        self.coils[0] = False


def test_a_relay_that_does_not_move_is_told(link, lamps):
    with AuxiliariesSimulator(link, PROFILE, firmware=Stuck(1, PROFILE.coils, PROFILE.contacts)):
        lamps.set_light(Light.HELP, Flash.CONTINUOUS)
        assert _told(lambda: lamps.set_light(Light.ID_READER, Flash.CONTINUOUS)) == (
            Cure.ATTENDANT,
            "light_error",
        )


def test_a_late_answer_is_not_taken_for_the_next_one(simulator, lamps):
    assert lamps.inputs().cabinet_door == "closed"
    simulator.go_wrong(parse("delay 0.8 only read_inputs times 1"))
    assert _told(lamps.inputs) == (Cure.REPLUG, "time_out")
    simulator.set("cabinet_door", "open")
    assert lamps.inputs().cabinet_door == "open"  # "closed" comes while this is asked


def test_an_answer_that_is_a_little_late_is_asked_for_again(simulator, lamps):
    lamps.status()
    simulator.go_wrong(parse("delay 0.5 only read_inputs times 1"))
    assert lamps.inputs() == AT_REST


def test_a_port_that_another_program_holds(simulator, lamps, link):
    other = Auxiliaries(str(link), 1, PROFILE)
    other.status()
    assert _told(lamps.status) == (Cure.ATTENDANT, "device_not_ready")
    other.close()
    assert lamps.status().state is State.ONLINE


def test_a_silent_board_is_no_board_that_is_well(simulator, lamps):
    simulator.go_wrong(parse("silence"))
    status = state_of(lamps)
    assert (status.state, status.cure) == (State.OFFLINE, Cure.REPLUG)


def test_the_simulator_writes_single_coils_too(simulator, link):
    import minimalmodbus  # noqa: PLC0415 - the other side of the standard, without our driver

    modbus = minimalmodbus.Instrument(str(link), 1, close_port_after_each_call=True)
    modbus.serial.baudrate = 9600
    modbus.serial.timeout = 0.2
    modbus.write_bit(6, 1)
    assert simulator.lit("help")
    assert modbus.read_bit(6, 1) == 1
    with pytest.raises(minimalmodbus.IllegalRequestError, match="address"):
        modbus.write_bit(8, 1)
    with pytest.raises(minimalmodbus.IllegalRequestError, match="function"):
        modbus.read_register(0)
    minimalmodbus._serialports.clear()


class PlugRig:
    """A board and its driver, for plugging it a thousand times."""

    def __init__(self, link: Path) -> None:
        self.simulator = AuxiliariesSimulator(link, PROFILE, baudrate=115200)
        self.lamps = Auxiliaries(str(link), 1, PROFILE, 115200)
        self.unplug, self.plug = self.simulator.unplug, self.simulator.plug

    def work(self) -> None:
        """Light a lamp and look at the contacts; DeviceFault if the board is away."""
        self.lamps.set_light(Light.HELP, Flash.CONTINUOUS)
        assert self.lamps.status().state is State.ONLINE
        assert self.simulator.lit("help")


@contextlib.contextmanager
def plug_rig(folder: Path):
    rig = PlugRig(folder / "auxiliaries")
    with rig.simulator:
        yield rig
        rig.lamps.close()


def _held():
    return len(list(Path("/proc/self/fd").iterdir())), threading.active_count()


def test_thirty_replugs_leak_neither_a_thread_nor_a_file(tmp_path):
    with plug_rig(tmp_path) as rig:
        rig.work()
        before = _held()
        for _ in range(30):
            rig.unplug()
            with pytest.raises(DeviceFault):
                rig.work()
            rig.plug()
            rig.work()
        assert _held() == before
