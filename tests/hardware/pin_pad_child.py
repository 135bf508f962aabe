"""Types the digits it is told on the on-screen keypad, one a line, and ends in the way it is told.

Each digit is read as one byte from an unbuffered pipe, so the PIN as a whole is nowhere but in the
pad's own memory.
"""

import os
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from hardware.pin_pad.entry import Entry, Want
from hardware.pin_pad.pin_block import CentreKey
from hardware.pin_pad.screen_pad import Layout, ScreenPad

ENDS = {"kept": "enter", "taken": "enter", "block": "enter", "cancel": "cancel"}


def main(way: str) -> None:
    """Type, end, say so, and wait to be searched."""
    pem = (
        rsa.generate_private_key(65537, 2048)
        .public_key()
        .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    pad = ScreenPad(Layout.FIXED, CentreKey(pem, "k"))
    block = way == "block"
    entry = Entry(Want.BLOCK if block else Want.DIGITS, 12, 12, "000000000000" if block else "")
    told = threading.Semaphore(0)
    ending = threading.Event()

    def heard(_digits: int) -> None:
        if ending.is_set():
            raise ZeroDivisionError
        told.release()

    def hand() -> None:
        told.acquire()
        while (byte := os.read(0, 1)) != b"e":
            if byte == b"\n":
                continue
            pad.keypad.press(pad.keypad.layout.index(byte[0] - 0x30))
            told.acquire()
            os.write(1, b"typed\n")
        if way in ENDS:
            getattr(pad.keypad, ENDS[way])()
        elif way == "exception":
            ending.set()
            pad.keypad.backspace()

    threading.Thread(target=hand, daemon=True).start()
    timeout_s = 2.0 if way == "time_out" else 60.0
    outcome = None
    try:
        outcome = pad.enter(threading.Event(), timeout_s, entry, heard)
    except ZeroDivisionError:
        assert way == "exception"
    if way == "taken":
        outcome.secret.wipe()
    os.write(1, f"{way}\n".encode())
    threading.Event().wait()


main(sys.argv[1])
