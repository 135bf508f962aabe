"""Sticks: really mounted where this machine lets us, and as plain folders everywhere."""

import contextlib
import dataclasses
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path, PurePosixPath

import pytest

from hardware.device import Media, State, state_of
from hardware.fault import Cure, DeviceFault
from hardware.media.contents import Content, File, Files, Kind, Limits, Reason, Refused
from hardware.media.driver import NoStick, Stick, StickSlot
from hardware.media.simulator import OPTIONS, CannotMount, StickSimulator
from hardware.wire.faults import parse
from hardware.worker import Worker
from tests.hardware.hung_stick import NAME, SIZE, HungStick

NEVER = threading.Event()
LIMITS = Limits(depth=3, files=50, single_bytes=1 << 20, total_bytes=3 << 20, stall_s=1.0)
LIST = "序号,姓名\n1,甲\n"
UNSAFE = {"detail": "not_mounted_safely", "cure": Cure.ATTENDANT}


@pytest.fixture
def root(tmp_path):
    root = tmp_path / "sticks"
    root.mkdir()
    return root


@pytest.fixture
def slot(root):
    slot = StickSlot(root, LIMITS)
    yield slot
    slot.close()


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "what is on it"
    folder.mkdir()
    (folder / "名单.csv").write_text(LIST)
    return folder


@pytest.fixture(params=["real", "plain"])
def simulator(request, root, tmp_path):
    real = request.param == "real"
    if real:
        _needs_mounts(tmp_path)
    with StickSimulator(root, real=real) as simulator:
        yield simulator


def _needs_mounts(tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    try:
        with StickSimulator(tmp_path / "trial", real=True) as trial:
            trial.insert(empty)
    except CannotMount as why:
        pytest.skip(f"this machine mounts nothing for us: {why}")


@pytest.fixture
def hung(root):
    """A stick that dies in the middle of a reading, put in."""
    point = root / "stick"
    point.mkdir()
    try:
        stick = HungStick(point)
    except (OSError, subprocess.CalledProcessError) as why:
        pytest.skip(f"this machine mounts no FUSE for us: {why}")
    yield stick
    stick.close()


HUNG = File(NAME, NAME, SIZE)


def stick_in(slot):
    stick = slot.accept(NEVER, 5.0)
    assert isinstance(stick, Stick)
    return stick


def listed(slot):
    files = slot.files(stick_in(slot), NEVER)
    assert isinstance(files, Files)
    return {file.name: file for file in files.files}


def fault_of(action):
    with pytest.raises(DeviceFault) as caught:
        action()
    fault = caught.value
    assert str(fault) == f"media: {fault.detail} (cure: {fault.cure})"  # nothing personal
    return {"detail": fault.detail, "cure": fault.cure}


def test_put_in_read_and_taken(slot, simulator, folder):
    assert slot.accept(NEVER, 0.0) == NoStick()
    assert slot.status().media is Media.NOT_PRESENT
    simulator.insert(folder)
    stick = stick_in(slot)
    assert slot.present()
    assert slot.status().media is slot.reset() is Media.PRESENT
    (file,) = slot.files(stick, NEVER).files
    assert (file.name, file.size) == ("名单.csv", len(LIST.encode()))
    assert slot.read(stick, file, NEVER) == Content(Kind.CSV, LIST.encode())
    assert not slot.taken(stick, NEVER, 0.0)
    simulator.pull()
    assert slot.taken(stick, NEVER, 5.0)
    assert slot.reset() is Media.NOT_PRESENT


def test_noticed_at_once_while_somebody_waits(slot, simulator, folder):
    worker, answers = Worker("media"), queue.SimpleQueue()
    worker.submit(lambda cancel: slot.accept(cancel, 60), answers.put)
    simulator.insert(folder)
    stick = answers.get(timeout=10)
    assert isinstance(stick, Stick)
    worker.submit(lambda cancel: slot.taken(stick, cancel, 60), answers.put)
    simulator.pull()
    assert answers.get(timeout=10) is True
    cancel = worker.submit(lambda cancel: slot.accept(cancel, 60), answers.put)
    cancel.set()
    outcome = answers.get(timeout=10)
    assert outcome == NoStick() or type(outcome).__name__ == "Cancelled"
    assert worker.stop()


def test_the_next_stick_is_another(slot, simulator, folder, tmp_path):
    simulator.insert(folder)
    first = stick_in(slot)
    file = listed(slot)["名单.csv"]
    simulator.pull()
    other = tmp_path / "other"
    other.mkdir()
    (other / "x.csv").write_text(LIST)
    simulator.insert(other)
    if stick_in(slot) != first:  # the kernel may give a mount its old number again
        assert fault_of(lambda: slot.read(first, file, NEVER))["detail"] == "no_media"
    assert slot.read(stick_in(slot), file, NEVER) == Refused(Reason.NOT_FOUND)


def test_mounted_just_after_the_table_was_read_it_is_no_plain_folder(slot, root, folder, tmp_path):
    _needs_mounts(tmp_path)
    table = slot._table

    class Late:
        """The kernel's table; the stick is mounted between the first look at it and the folder."""

        def mounts(self):
            told = table.mounts()
            if not simulator.mounted:
                simulator.insert(folder)
            return told

        def wait(self, seconds):
            return table.wait(seconds)

    with StickSimulator(root, real=True) as simulator:
        slot._table = Late()
        stick = slot.accept(NEVER, 5.0)
        slot._table = table
        assert stick == slot.accept(NEVER, 0.0)
        assert isinstance(slot.files(stick, NEVER), Files)


@pytest.mark.parametrize("missing", ["ro", "nosuid", "nodev", "noexec"])
def test_a_stick_that_is_not_mounted_safely_is_not_touched(slot, root, folder, tmp_path, missing):
    _needs_mounts(tmp_path)
    options = ",".join(
        {"ro": "rw", "nosuid": "suid", "nodev": "dev", "noexec": "exec"}[option]
        if option == missing
        else option
        for option in OPTIONS.split(",")
    )
    with StickSimulator(root, real=True) as simulator:
        simulator.insert(folder, options)
        assert fault_of(lambda: slot.accept(NEVER, 1.0)) == UNSAFE
        assert fault_of(slot.status) == UNSAFE
        assert state_of(slot).state is State.HARDWARE_ERROR
        assert slot._reader.pid is None
        simulator.insert(folder)
        assert "名单.csv" in listed(slot)


def test_a_stick_that_is_mounted_anew_is_looked_at_again(slot, root, folder, tmp_path):
    _needs_mounts(tmp_path)
    with StickSimulator(root, real=True) as simulator:
        simulator.insert(folder)
        file, stick = listed(slot)["名单.csv"], stick_in(slot)
        subprocess.run(["mount", "-o", "remount,exec,ro", simulator.point], check=True)
        assert fault_of(lambda: slot.read(stick, file, NEVER)) == UNSAFE
        subprocess.run(["mount", "-o", f"remount,{OPTIONS}", simulator.point], check=True)
        assert slot.read(stick, file, NEVER).kind is Kind.CSV


def test_folders_names_and_what_is_left_out(slot, simulator, folder):
    for path in (
        "a/b/deep.csv", "a/b/c/too deep.csv", ".hidden/x.csv", "._x.jpg", "~$list.xlsx",
        "System Volume Information/x", "lost+found/x", "e\u0301.csv", "evil\u202egpj.exe", "z.csv",
        "new\nline.csv",
    ):  # fmt: skip
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(LIST)
    (folder / os.fsdecode(b"\xb1\xed.csv")).write_text(LIST)  # GBK bytes, no UTF-8
    simulator.insert(folder)
    found = listed(slot)
    assert list(found) == ["é.csv", "z.csv", "名单.csv", "a/b/deep.csv"]
    composed = found["é.csv"]
    assert composed.path == "e\u0301.csv"
    for file in found.values():
        assert slot.read(stick_in(slot), file, NEVER).kind is Kind.CSV


def test_links_pipes_and_devices_are_no_files(slot, simulator, folder):
    (folder / "passwd").symlink_to("/etc/passwd")
    (folder / "etc").symlink_to("/etc")
    (folder / "up").symlink_to("..")
    os.mkfifo(folder / "pipe")
    with contextlib.suppress(PermissionError):
        os.mknod(folder / "zero", 0o666 | 0o020000, os.makedev(1, 5))
    _insert_special(simulator, folder)
    assert set(listed(slot)) == {"名单.csv"}
    stick = stick_in(slot)
    for path in ("passwd", "etc/passwd", "up/x", "pipe", "zero"):
        outcome = slot.read(stick, File(path, path, 1), NEVER)
        assert outcome in (Refused(Reason.NOT_A_FILE), Refused(Reason.NOT_FOUND)), path


def _insert_special(simulator, folder):
    """A plain folder is not copied: a pipe cannot be."""
    if simulator._real:
        simulator.insert(folder)
    else:
        folder.rename(simulator.point)


@pytest.mark.parametrize(
    "path", ["../x", "a/../../x", "/etc/passwd", "", ".", "a//b", "./x", "a/", "x\0y"]
)
def test_no_path_leads_out(slot, simulator, folder, path):
    simulator.insert(folder)
    outcome = slot.read(stick_in(slot), File(path, path, 1), NEVER)
    assert outcome in (Refused(Reason.NAME_NOT_ALLOWED), Refused(Reason.NOT_FOUND))


def test_a_file_that_is_swapped_for_a_link_after_it_was_listed(slot, root, folder):
    with StickSimulator(root, real=False) as simulator:
        simulator.insert(folder)
        file = listed(slot)["名单.csv"]
        (simulator.point / "名单.csv").unlink()
        (simulator.point / "名单.csv").symlink_to("/etc/passwd")
        assert slot.read(stick_in(slot), file, NEVER) == Refused(Reason.NOT_A_FILE)


def test_what_is_mounted_inside_is_not_entered(slot, root, folder, tmp_path):
    _needs_mounts(tmp_path)
    (folder / "inner").mkdir()
    with StickSimulator(root, real=False) as simulator:
        simulator.insert(folder)
        inner = simulator.point / "inner"
        subprocess.run(["mount", "-t", "tmpfs", "inner", inner], check=True)
        try:
            (inner / "x.csv").write_text(LIST)
            assert set(listed(slot)) == {"名单.csv"}
            outcome = slot.read(stick_in(slot), File("inner/x.csv", "", 1), NEVER)
            assert outcome == Refused(Reason.NOT_A_FILE)
        finally:
            subprocess.run(["umount", inner], check=True)


def test_more_files_than_are_looked_at(slot, simulator, folder):
    (folder / "a").mkdir()
    for n in range(60):
        (folder / "a" / f"{n:02}.csv").write_text(LIST)
    simulator.insert(folder)
    files = slot.files(stick_in(slot), NEVER)
    assert files.cut
    assert len(files.files) == LIMITS.files
    assert files.files[0].name == "名单.csv"  # the nearest first


def test_sizes_of_one_and_of_all(slot, simulator, folder):
    (folder / "large").write_bytes(bytes((1 << 20) + 1))
    for n in range(4):
        (folder / f"{n}.csv").write_bytes(b"a,b\n" * (1 << 18))
    simulator.insert(folder)
    files, stick = listed(slot), stick_in(slot)
    assert slot.read(stick, files["large"], NEVER) == Refused(Reason.TOO_LARGE)
    for n in range(3):
        assert slot.read(stick, files[f"{n}.csv"], NEVER).kind is Kind.CSV
    assert slot.read(stick, files["3.csv"], NEVER) == Refused(Reason.TOTAL_TOO_LARGE)
    slot.reset()
    assert slot.read(stick, files["3.csv"], NEVER).kind is Kind.CSV


def test_a_stick_that_breaks_while_it_is_in(slot, root, folder, tmp_path):
    _needs_mounts(tmp_path)
    (folder / "large.csv").write_bytes(b"a,b\n" * 200_000)
    with StickSimulator(root, real=True) as simulator:
        simulator.insert(folder)
        file, stick = listed(slot)["large.csv"], stick_in(slot)
        simulator.break_down()
        broken = {"detail": "invalid_media", "cure": Cure.REPLUG}
        assert fault_of(lambda: slot.read(stick, file, NEVER)) == broken
        simulator.insert(folder)
        assert slot.read(stick_in(slot), file, NEVER).kind is Kind.CSV


def test_a_stick_that_does_not_answer_is_told_and_the_next_one_read(slot, root, hung, folder):
    stick = stick_in(slot)
    began = time.monotonic()
    assert fault_of(lambda: slot.read(stick, HUNG, NEVER)) == DEAD
    assert time.monotonic() - began < LIMITS.stall_s + 1.5
    pull(root / "stick")
    with StickSimulator(root) as simulator:
        simulator.insert(folder)
        assert slot.read(stick_in(slot), listed(slot)["名单.csv"], NEVER).kind is Kind.CSV
    ends_with_the_stick(slot, hung)


def test_processes_that_hang_in_the_kernel_are_few_and_end_with_the_stick(root, hung, folder):
    slot = StickSlot(root, dataclasses.replace(LIMITS, stall_s=0.2))
    stick = stick_in(slot)
    before = _children()
    for _ in range(4):
        assert fault_of(lambda: slot.read(stick, HUNG, NEVER)) == DEAD
    assert _children() == before + 4  # killed, and there all the same
    full = {"detail": "hardware_error", "cure": Cure.ATTENDANT}
    assert fault_of(lambda: slot.read(stick, HUNG, NEVER)) == full
    ends_with_the_stick(slot, hung)
    assert _children() == before
    (root / "stick").rmdir()
    with StickSimulator(root, real=False) as simulator:
        simulator.insert(folder)
        assert listed(slot)
    slot.close()


@pytest.mark.parametrize("end", ["pulled", "cancelled"])
def test_pulled_or_cancelled_in_the_middle_of_reading(root, hung, end):
    slot = StickSlot(root, dataclasses.replace(LIMITS, stall_s=60.0))
    stick = stick_in(slot)
    worker, answers = Worker("media"), queue.SimpleQueue()
    cancel = worker.submit(lambda cancel: slot.read(stick, HUNG, cancel), answers.put)
    assert hung.asked.wait(10)
    began = time.monotonic()
    if end == "pulled":
        pull(root / "stick")
    else:
        cancel.set()
    outcome = answers.get(timeout=10)
    assert time.monotonic() - began < 2.0
    if end == "pulled":
        assert (outcome.detail, outcome.cure) == ("no_media", Cure.REPLUG)
    else:
        assert outcome == Refused(Reason.CANCELLED)
    assert slot._reader.pid is None
    assert worker.stop()
    ends_with_the_stick(slot, hung)


DEAD = {"detail": "time_out", "cure": Cure.REPLUG}


def ends_with_the_stick(slot, hung):
    """The process that hung in the kernel is gone as soon as the stick is."""
    hung.close()
    assert _soon(lambda: slot.close() or not slot._reader._stuck)


def pull(point):
    """Unmount as the machine does when a stick is gone."""
    subprocess.run(["umount", "-l", point], check=True)
    point.rmdir()


def _soon(condition, within_s=10.0):
    until = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def test_a_reader_that_was_killed_is_started_again(slot, simulator, folder):
    simulator.insert(folder)
    file, stick = listed(slot)["名单.csv"], stick_in(slot)
    pid = slot._reader.pid
    os.kill(pid, signal.SIGKILL)
    assert _soon(lambda: slot._reader._process.poll() is not None)
    assert slot.read(stick, file, NEVER).kind is Kind.CSV
    assert slot._reader.pid != pid


SAYS = "import sys; say = sys.stdout.buffer.write; size = lambda n: n.to_bytes(4, 'big'); "
BROKEN_READERS = {
    "ends": "pass",
    "no packets": SAYS + "say(b'print' * 9000)",
    "a packet too large": SAYS + "say(b'D' + size(2000000) + bytes(2000000))",
    "more files than were asked for": SAYS
    + "[say(b'F' + size(8) + b'[\"a\", 1]') for _ in range(999)]; sys.stdout.flush()",
    "more than was asked": SAYS + "[say(b'D' + size(100000) + bytes(100000)) for _ in range(20)]",
    "no reason": SAYS
    + """say(b'E' + size(20) + b'{"error": "strange"}'); sys.stdout.flush(); sys.stdin.read()""",
    "silent": "import time; time.sleep(60)",
}


@pytest.mark.parametrize("broken", BROKEN_READERS)
def test_a_reader_that_is_not_to_be_trusted(root, folder, broken):
    fault = {"detail": "internal_error", "cure": Cure.RETRY}
    if broken == "silent":
        fault = {"detail": "time_out", "cure": Cure.REPLUG}
    program = BROKEN_READERS[broken]
    slot = StickSlot(root, LIMITS, (sys.executable, "-I", "-S", "-c", program))
    with StickSimulator(root, real=False) as simulator:
        simulator.insert(folder)
        stick = stick_in(slot)
        assert fault_of(lambda: slot.read(stick, File("x", "x", 1), NEVER)) == fault
        assert fault_of(lambda: slot.files(stick, NEVER)) == fault
        assert slot._reader.pid is None
    slot.close()


def test_the_reader_cannot_write_and_knows_nothing_of_the_kiosk(slot, simulator, folder):
    simulator.insert(folder)
    listed(slot)
    process = Path(f"/proc/{slot._reader.pid}")
    limits = (process / "limits").read_text()
    assert "Max file size             0                    0" in limits
    assert (process / "environ").read_bytes() == b""
    opened = {link.readlink().as_posix() for link in (process / "fd").iterdir()}
    assert all(name.startswith(("pipe:", "/dev/null")) for name in opened)


def test_an_empty_folder_and_a_hidden_one_are_no_sticks(slot, root):
    (root / "sda1").mkdir()
    (root / ".stick").mkdir()
    (root / ".stick" / "x").write_text("x")
    (root / "file").write_text("x")
    (root / "link").symlink_to("/etc")
    assert slot.accept(NEVER, 0.0) == NoStick()


def test_a_folder_for_sticks_that_is_missing_is_a_fault(root, slot):
    root.rmdir()
    missing = {"detail": "no_device", "cure": Cure.ATTENDANT}
    assert fault_of(slot.present) == missing
    assert state_of(slot).state is State.NO_DEVICE
    root.mkdir()
    assert not slot.present()


def test_it_is_a_device_like_any_other(slot, root):
    assert slot.name == "media"
    assert slot.capabilities().kind == "usb"
    assert repr(Stick(PurePosixPath("/a"), "9 8:1")) == "Stick(root=PurePosixPath('/a'))"
    assert repr(File("甲.jpg", "甲.jpg", 3)) == "File(size=3)"
    with StickSimulator(root, real=False) as simulator, pytest.raises(ValueError, match="no fault"):
        simulator.go_wrong(parse("silence"))


@pytest.mark.parametrize("unit", ["kiosk-media@sda1.service"])
def test_the_machines_unit_is_one(tmp_path, unit):
    source = Path(__file__).parents[2] / "deploy" / "media" / "kiosk-media@.service"
    copy = tmp_path / unit
    copy.write_text(source.read_text())
    try:
        verified = subprocess.run(
            ["systemd-analyze", "verify", copy], capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        pytest.skip("no systemd-analyze on this machine")
    assert (verified.returncode, verified.stderr) == (0, "")
    mount = next(line for line in source.read_text().splitlines() if line.startswith("ExecStart="))
    assert "--options ro,nosuid,nodev,noexec " in mount


class PlugRig:
    """A slot and sticks, for plugging."""

    def __init__(self, folder):
        self.root = folder / "sticks"
        self.files = folder / "files"
        self.files.mkdir()
        (self.files / "名单.csv").write_text(LIST)
        self.simulator = StickSimulator(self.root)
        self.slot = StickSlot(self.root, LIMITS)
        self.plug()

    def unplug(self):
        self.simulator.pull()

    def plug(self):
        self.simulator.insert(self.files)

    def work(self):
        """Read the list; DeviceFault if no stick is in."""
        stick = self.slot.accept(NEVER, 0.0)
        if isinstance(stick, NoStick):
            raise DeviceFault("media", Cure.REPLUG, "no_media")
        (file,) = self.slot.files(stick, NEVER).files
        assert self.slot.read(stick, file, NEVER).kind is Kind.CSV


@contextlib.contextmanager
def plug_rig():
    with tempfile.TemporaryDirectory() as folder:
        rig = PlugRig(Path(folder))
        try:
            yield rig
        finally:
            rig.slot.close()
            rig.simulator.stop()


def test_thirty_replugs_leak_neither_a_thread_nor_a_file_nor_a_process():
    with plug_rig() as rig:
        rig.work()
        before = _open_files(), threading.active_count(), _children()
        for _ in range(30):
            rig.unplug()
            with pytest.raises(DeviceFault):
                rig.work()
            rig.plug()
            rig.work()
        assert (_open_files(), threading.active_count(), _children()) == before


def _open_files():
    return len(list(Path("/proc/self/fd").iterdir()))


def _children():
    return len(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())
