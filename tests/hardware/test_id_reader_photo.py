"""Photos opened by a command that is not trusted: whatever it does, it ends and leaves nothing."""

import os
import struct
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.id_reader.photo import BMP_BYTES, PhotoDecoder, picture

NEVER = threading.Event()
WLT = b"WLf\x7e" + bytes(1020)
HEAD = struct.pack("<2sIIIIiiHHI", b"BM", BMP_BYTES, 0, 54, 40, 102, 126, 1, 24, 0)
BMP = HEAD + bytes(BMP_BYTES - len(HEAD))
GOOD = (
    "import sys, struct; wlt = sys.stdin.buffer.read();"
    f"sys.stdout.buffer.write(bytes.fromhex('{HEAD.hex()}') + bytes({BMP_BYTES - len(HEAD)}));"
)


def decode(program, deadline_s=10.0, cancel=NEVER):
    began = time.monotonic()
    answer = PhotoDecoder([sys.executable, "-c", program], deadline_s).decode(WLT, cancel)
    assert time.monotonic() - began < deadline_s + 5
    return answer


def test_the_bytes_go_in_and_a_bmp_comes_out():
    assert decode(GOOD) == BMP
    assert len(BMP) == 38862
    assert decode(f"{GOOD} assert wlt == bytes.fromhex('{WLT.hex()}')") == BMP


@pytest.mark.parametrize(
    "program",
    [
        "",
        "raise SystemExit(1)",
        "print('no picture')",
        "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
        f"{GOOD} sys.stdout.buffer.write(b'more')",
        "while True: print('x' * 1000)",
        "import sys; sys.stdin.close(); import sys; sys.stdout.close()",
    ],
    ids=["nothing", "fails", "text", "crashes", "too much", "endless", "closes all"],
)
def test_anything_else_is_no_picture(program):
    assert decode(program) == b""


@pytest.mark.parametrize("command", [[], ["/no/such/program"], ["/"], ["a\0b"]])
def test_a_command_that_cannot_run_gives_none(command):
    assert PhotoDecoder(command).decode(WLT, NEVER) == b""


@pytest.mark.parametrize("wlt", [b"", bytes(1023), bytes(1025)])
def test_what_is_no_wlt_is_shown_to_nobody(wlt, tmp_path):
    command = ["/usr/bin/touch", str(tmp_path / "ran")]
    assert PhotoDecoder(command).decode(wlt, NEVER) == b""
    assert not (tmp_path / "ran").exists()


def test_it_is_killed_at_its_deadline_with_all_it_started(tmp_path):
    fifo = tmp_path / "pids"
    os.mkfifo(fifo)
    command = ["/bin/sh", "-c", f"sleep 60 & echo $$ $! >{fifo}; wait"]
    end = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    began = time.monotonic()
    assert PhotoDecoder(command, 1.0).decode(WLT, NEVER) == b""
    assert 1.0 <= time.monotonic() - began < 5.0
    pids = [int(pid) for pid in os.read(end, 100).split()]
    os.close(end)
    assert len(pids) == 2
    tick = threading.Event()
    for _ in range(500):
        if not any(map(_runs, pids)):
            return
        tick.wait(0.02)
    pytest.fail("something of it still runs")


def test_nobody_waits_for_it_when_it_is_cancelled():
    cancel = threading.Event()
    cancel.set()
    began = time.monotonic()
    assert decode("import time; time.sleep(60)", 60.0, cancel) == b""
    assert time.monotonic() - began < 10


def test_it_can_write_no_file(tmp_path):
    target = tmp_path / "photo.bmp"
    program = f"{GOOD} sys.stdout.flush(); f = open({str(target)!r}, 'wb'); f.write(wlt); f.close()"
    assert decode(program) in (BMP, b"")
    assert not target.exists() or target.read_bytes() == b""


def test_it_knows_nothing_of_the_kiosk(monkeypatch):
    monkeypatch.setenv("SECRET_OF_THE_KIOSK", "x")
    told = "import os; os._exit(0) if 'SECRET_OF_THE_KIOSK' in os.environ else None;"
    assert decode(told + GOOD) == BMP


def test_it_leaves_no_file_open_and_no_child():
    decode(GOOD)
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        decode("print('no')")
    assert len(list(Path("/proc/self/fd").iterdir())) == before


@given(st.binary(max_size=80), st.sampled_from([0, BMP_BYTES]))
def test_any_bytes_are_a_picture_or_none(head, size):
    data = head.ljust(size, b"\0")
    assert picture(data) in (data, b"")


@pytest.mark.parametrize("at", [0, 1, 2, 10, 14, 18, 22, 26, 28, 30])
def test_every_field_of_the_head_counts(at):
    wrong = bytearray(BMP)
    wrong[at] ^= 0x40
    assert picture(BMP) == BMP
    assert picture(bytes(wrong)) == b""


def test_a_bmp_that_begins_at_the_top_is_one_too():
    assert picture(BMP[:22] + struct.pack("<i", -126) + BMP[26:]) != b""


def _runs(pid):
    """Whether it is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
