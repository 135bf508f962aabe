"""What the driver makes of fingerprints, newest addresses and photos."""

import dataclasses
import sys
import threading

import pytest

from hardware.device import Capabilities
from hardware.fault import DeviceFault
from hardware.id_reader import commands
from hardware.id_reader.commands import COMMANDS, Reason
from hardware.id_reader.driver import IdReader, NoPaper, Options, Reading, Unreadable
from hardware.id_reader.photo import BMP_BYTES
from hardware.id_reader.simulator import IdReaderSimulator, Trouble
from hardware.wire.faults import parse
from tests.hardware.test_id_reader_papers import NEW, OLD
from tests.hardware.test_id_reader_vectors import PERSON_A, PERSON_J

NEVER = threading.Event()
LINK = "id_reader"
MARK = b"\xf1\xf2\xf3\xf4"
PRINTED = dataclasses.replace(PERSON_A, fingers=MARK * 256)
MOVED = dataclasses.replace(PERSON_A, newest_address="重庆市江北区示例街3号")


@pytest.fixture
def open_reader(tmp_path):
    readers = []

    def open_reader(**options):
        readers.append(IdReader(str(tmp_path / LINK), options=Options(**options)))
        return readers[-1]

    yield open_reader
    for reader in readers:
        reader.close()


@pytest.fixture
def open_simulator(tmp_path):
    opened = []

    def open_simulator(*missing):
        knows = set(COMMANDS) - set(missing)
        opened.append(IdReaderSimulator(tmp_path / LINK, knows=knows))
        opened[-1].start()
        return opened[-1]

    yield open_simulator
    for simulator in opened:
        simulator.stop()


def test_what_it_is(open_reader):
    reader = open_reader()
    assert reader.name == "id_reader"
    assert reader.capabilities() == Capabilities(
        "card_reader", "contactless", frozenset({"identity", "photo"})
    )


@pytest.mark.parametrize(
    ("fingerprint", "missing"),
    [
        (False, []),
        (True, []),
        (False, [commands.READ]),
        (True, [commands.READ_FINGER]),
    ],
    ids=["plain", "fingerprint", "only fingerprint known", "fingerprint not known"],
)
@pytest.mark.parametrize("size", [0, 512, 1024])
def test_fingerprints_are_dropped(open_simulator, open_reader, fingerprint, missing, size):
    simulator = open_simulator(*missing)
    reader = open_reader(fingerprint=fingerprint)
    simulator.place(dataclasses.replace(PRINTED, fingers=PRINTED.fingers[:size]))
    reading = reader.read(NEVER, 0)
    assert reading.number == PERSON_A.number
    assert (reading.photo, len(reading.photo)) == (bytes(1024), 1024)
    assert MARK not in b"".join(
        value for value in vars(reading).values() if isinstance(value, bytes)
    )
    assert reader.present()
    simulator.remove()
    assert not reader.present()


def test_a_reader_that_can_read_nothing_is_broken(open_simulator, open_reader):
    simulator = open_simulator(commands.READ, commands.READ_FINGER)
    simulator.place(PERSON_A)
    with pytest.raises(DeviceFault, match="hardware_error"):
        open_reader().read(NEVER, 0)


def test_an_unreadable_paper_is_so_with_fingerprints_too(open_simulator, open_reader):
    simulator = open_simulator()
    simulator.place(PERSON_A, Trouble.CANNOT_BE_VERIFIED)
    assert open_reader(fingerprint=True).read(NEVER, 0) == Unreadable(Reason.NOT_AUTHENTIC)


@pytest.mark.parametrize("card", [PERSON_A, PERSON_J])
def test_the_newest_address_is_taken_for_the_printed_one(open_simulator, open_reader, card):
    open_simulator().place(dataclasses.replace(card, newest_address=MOVED.newest_address))
    reader = open_reader()
    assert reader.read(NEVER, 0).address == MOVED.newest_address
    reader.close()
    assert open_reader(newest_address=False).read(NEVER, 0).address == card.address


def test_without_a_newest_address_the_printed_one_stays(open_simulator, open_reader):
    open_simulator().place(PERSON_A)
    assert open_reader().read(NEVER, 0).address == PERSON_A.address


@pytest.mark.parametrize("card", [OLD, NEW])
def test_a_foreigner_is_not_asked_for_one(open_simulator, open_reader, card):
    open_simulator().place(dataclasses.replace(card, newest_address=MOVED.newest_address))
    reading = open_reader().read(NEVER, 0)
    assert (reading.kind, reading.address) == ("foreigner", "")


@pytest.mark.parametrize("missing", [[], [commands.NEWEST_ADDRESS]])
def test_a_reader_without_the_newest_address_is_asked_once(open_simulator, open_reader, missing):
    simulator = open_simulator(*missing)
    reader = open_reader()
    simulator.place(MOVED)
    simulator.go_wrong(parse("silence only newest_address"))
    assert reader.read(NEVER, 0).address == MOVED.address
    simulator.go_right()
    assert reader.read(NEVER, 0).address == MOVED.address
    simulator.power_cycle()
    expected = MOVED.address if missing else MOVED.newest_address
    assert reader.read(NEVER, 0).address == expected, "another reader may be there now"


@pytest.mark.parametrize(
    "fault",
    ["silence", "did_it", "flip_bit 200", "drop_last 3", "unplug", "garbage aaaaaa9669"],
)
def test_nothing_that_happens_to_it_stops_a_reading(open_simulator, open_reader, fault):
    simulator = open_simulator()
    reader = open_reader()
    simulator.place(MOVED)
    simulator.go_wrong(parse(f"{fault} only newest_address"))
    reading = reader.read(NEVER, 0)
    assert isinstance(reading, Reading)
    assert reading.address in (PERSON_A.address, MOVED.newest_address)
    simulator.go_right()
    assert isinstance(reader.read(NEVER, 0), Reading)


def test_a_cancelled_reading_is_none_at_the_newest_address_too(open_simulator, open_reader):
    simulator = open_simulator()
    simulator.place(MOVED)
    simulator.go_wrong(parse("delay 60 only newest_address"))
    reader, cancel, outcomes = open_reader(), threading.Event(), []
    reading = threading.Thread(target=lambda: outcomes.append(reader.read(cancel, 0)))
    reading.start()
    cancel.set()
    reading.join(10)
    assert outcomes == [NoPaper()]
    simulator.go_right()


def test_a_photo_is_opened_by_the_command_of_the_settings(open_simulator, open_reader):
    program = (
        "import sys, struct; wlt = sys.stdin.buffer.read(); assert len(wlt) == 1024;"
        f"head = struct.pack('<2sIIIIiiHHI', b'BM', {BMP_BYTES}, 0, 54, 40, 102, 126, 1, 24, 0);"
        f"sys.stdout.buffer.write(head + wlt[:1] * ({BMP_BYTES} - len(head)))"
    )
    open_simulator().place(dataclasses.replace(PERSON_A, photo=b"\x57" * 1024))
    reading = open_reader(photo_command=[sys.executable, "-c", program]).read(NEVER, 0)
    assert len(reading.picture) == BMP_BYTES
    assert reading.picture.endswith(b"\x57\x57")


@pytest.mark.parametrize("command", [[], ["/no/such/program"], [sys.executable, "-c", "1/0"]])
def test_a_photo_that_cannot_be_opened_stops_no_reading(open_simulator, open_reader, command):
    open_simulator().place(PERSON_A)
    reading = open_reader(photo_command=command).read(NEVER, 0)
    assert (reading.number, reading.picture) == (PERSON_A.number, b"")
