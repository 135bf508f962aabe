"""What a device is seen to do when it is tried: by `check`, by an attendant, by the kiosk itself.

Each is done on the device's own thread; each may raise `DeviceFault`.
"""

import errno
import os
import threading
import time
from pathlib import Path

import zxingcpp

from hardware.auxiliaries.driver import Alarm, Auxiliaries, Flash, Light
from hardware.camera.driver import Camera
from hardware.fault import DeviceFault
from hardware.id_reader.driver import IdReader
from hardware.printer.document import Document, Qr, Text
from hardware.sound.driver import Chime, Sound

PICTURE_S = 5.0
"""How long a camera may take for a picture."""
PROBE = "readiness.probe"
CASE = 4 << 20
"""Bytes that a case takes with all its pictures, and with what the store writes twice."""
CHIME_S = 4.0
"""How long a chime may take, with all that is said before it."""


def slip_of(code: str) -> Document:
    """Give the test slip: it carries no voucher and says so."""
    return (
        Text("设备自检\nDevice check", size=2, bold=True, align="center"),
        Text("这不是凭证\nThis is not a voucher", align="center"),
        Qr(code),
    )


def read_back(camera: Camera, code: str, within_s: float) -> bool:
    """Whether a slip with this code comes before the camera in so many seconds."""
    camera.start()
    until = time.monotonic() + within_s
    try:
        while time.monotonic() < until:
            picture = camera.take(PICTURE_S)
            if any(found.text == code for found in zxingcpp.read_barcodes(picture)):
                return True
    finally:
        camera.stop()
    return False


def written(folder: Path) -> str:
    """Write as much as a case takes, and make it outlast the power; why that failed, or ""."""
    probe = folder / PROBE
    try:
        try:
            with probe.open("wb") as file:
                file.write(os.urandom(CASE))  # zeros would take no room on some disks
                file.flush()
                os.fsync(file.fileno())
        finally:
            probe.unlink(missing_ok=True)
    except OSError as error:
        return "disk_full" if error.errno == errno.ENOSPC else "not_written"
    return ""


def sam_number(reader: IdReader) -> str:
    """The number of the reader's security module, "" of one that does not know the command."""
    try:
        return reader.sam_number()
    except DeviceFault:  # some readers do not know it, and read all the same
        return ""


def chime(sound: Sound) -> None:
    """Play the chime of success, and wait until it was heard."""
    sound.chime(Chime.SUCCESS)
    sound.wait(CHIME_S)


def lamps(board: Auxiliaries, over: threading.Event, seconds: float, *, buzzer: bool) -> None:
    """Light all lamps for so long, or until it is `over`; then they are dark, and it is quiet."""
    there = [lamp for lamp in Light if lamp in board.capabilities().features]
    try:
        for lamp in there:
            board.set_light(lamp, Flash.CONTINUOUS)
        if buzzer:
            board.sound_alarm(Alarm.EXCLAMATION)
        over.wait(seconds)
    finally:
        for lamp in there:
            board.set_light(lamp, Flash.OFF)
        board.sound_alarm(Alarm.OFF)
