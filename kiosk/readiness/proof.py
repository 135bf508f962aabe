"""The proofs: a row each. Which device it is of, what is done, and what counts as proven.

*Proven* is what was seen to do what citizens need of it; *looked* what says of itself that it is
well, and was not seen to do it, for the reason given; *failed* what did not; *absent* what this
kiosk does without, or was not asked for now.
"""

import math
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import numpy as np

from hardware.camera.driver import Camera
from hardware.device import Device, Media, State, state_of
from hardware.fault import DeviceFault
from hardware.sound.chimes import Chime
from hardware.sound.microphone import Microphone
from kiosk.clocks import MOST_SKEW_S
from kiosk.devices import Devices
from kiosk.link import Centre, OutOfDate, Rejected, Unknown, Unreachable
from kiosk.log import Log
from kiosk.printing import Press
from kiosk.readiness import acts
from kiosk.visit import Failed

SEEN_S = 6.0
"""How long a slip may take to come before the camera; it hangs there already."""
LIT_S = 0.4
DARK = 30.0
"""A picture whose mean is below (of 255) shows nothing: the hall is dark at six in the morning."""
LEAST_FREE = 200 << 20
"""Bytes a disk has to have free, for the journal, the log and pictures of a day."""
UNSEEN = frozenset({"frozen"})
"""Why something failed that says of itself that it is well: it is lost until it is proven."""
BEARABLE = frozenset({"disk_low"})
"""Why something failed that works yet: it is told, and no service is closed for it."""
WORKER = "readiness"
"""The thread of what no device does: disk, certificate, sheet."""


class Degree(StrEnum):
    """How far something was proven."""

    PROVEN = "proven"
    LOOKED = "looked"
    FAILED = "failed"
    ABSENT = "absent"


Seen = tuple[Degree, str]
"""What came of a proof: how far, and a code of the reason, "" where none is needed."""

PROVEN: Seen = (Degree.PROVEN, "")
SWITCHED_OFF: Seen = (Degree.ABSENT, "switched_off")


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a proof, and how long it took; by construction it has no room for a person."""

    proof: str
    device: str
    degree: Degree
    ms: int = 0
    reason: str = ""


@dataclass(slots=True, eq=False)
class Kit:
    """What one round of proofs is done with, and what a proof leaves for those after it.

    `code`: what stands on the slip, of this round alone; `spared`: why no slip is printed, "" when
    one is. `printed`: a slip came out. `apart_s`: so many seconds the centre's clock is ahead, inf
    where its certificate is of other days.
    """

    devices: Devices
    press: Press
    centre: Centre
    now: Callable[[], datetime]
    log: Log
    folder: Path
    code: str
    spared: str = ""
    reads_back: bool = False
    microphone: Microphone | None = None
    printed: bool = False
    apart_s: float | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """A row: what it is of, and what is done; `need` is what services cannot do without, if any.

    `worker` has another name than the device; `after` is what has to be over before.
    """

    name: str
    device: str
    do: Callable[[Kit], Seen]
    need: str = ""
    worker: str = ""
    after: str = ""

    def tried(self, kit: Kit) -> Result:
        """Do it; a device's fault is an answer. For the worker of its device."""
        began = time.monotonic()
        try:
            degree, reason = self.do(kit)
        except DeviceFault as fault:
            kit.log.device_fault(fault)
            degree, reason = Degree.FAILED, fault.detail
        return self.result(degree, reason, round((time.monotonic() - began) * 1000))

    def result(self, degree: Degree, reason: str, ms: int = 0) -> Result:
        """What came of it."""
        return Result(self.name, self.device, degree, ms, reason)


def _well(device: Device | None, looked: str = "") -> Seen:
    """What a device says of itself; `looked` is why no more was seen of it.

    What lies in it is somebody's, and is left alone.
    """
    if device is None:
        return Degree.ABSENT, ""
    status = state_of(device)
    if status.state is not State.ONLINE:
        return Degree.FAILED, status.detail or status.state
    lies = "occupied" if status.media is Media.PRESENT else looked
    return Degree.LOOKED, status.detail or lies


def _print(kit: Kit) -> Seen:
    """Print a slip with a fresh code: the printer says afterwards that it came out."""
    if kit.spared:
        detail = kit.devices.printer.status().detail
        return (Degree.FAILED, detail) if detail else (Degree.LOOKED, kit.spared)
    came = kit.press.put_out(acts.slip_of(kit.code), "slip_not_printed")
    if isinstance(came, Failed):
        return Degree.FAILED, came.detail
    kit.printed = True
    return PROVEN


def _read_back(kit: Kit) -> Seen:
    """See the code of this very slip through the document camera: what is printed can be read."""
    if not kit.reads_back:
        return SWITCHED_OFF
    if not kit.printed:
        return Degree.ABSENT, "no_slip"
    seen = acts.read_back(kit.devices.document_camera, kit.code, SEEN_S)
    return PROVEN if seen else (Degree.FAILED, "not_read_back")


def _picture(camera: Camera) -> Seen:
    """Take two fresh pictures; a sensor's grain lets none be like another. Dark may be the hall."""
    camera.start()
    try:
        well = _well(camera)  # one that is away says so at once
        if well[0] is Degree.FAILED:
            return well
        first, second = (camera.take(acts.PICTURE_S) for _ in range(2))
    finally:
        camera.stop()
    if second.mean() < DARK:
        return Degree.LOOKED, "dark"
    return (Degree.FAILED, "frozen") if np.array_equal(first, second) else PROVEN


def _id_reader(kit: Kit) -> Seen:
    """Ask the reader and its security module; that its antenna finds a paper nobody sees at six."""
    degree, reason = _well(kit.devices.id_reader, "no_paper")
    if degree is Degree.LOOKED and not acts.sam_number(kit.devices.id_reader):
        return Degree.LOOKED, "no_sam_number"
    return degree, reason


def _auxiliaries(kit: Kit) -> Seen:
    """Switch the lamps; the board says that it did, and nobody sees them."""
    board = kit.devices.auxiliaries
    found = _well(board, "not_seen")
    if board is not None and found[0] is Degree.LOOKED:
        acts.lamps(board, threading.Event(), LIT_S, buzzer=False)
    return found


def _sound(kit: Kit) -> Seen:
    """Play a chime; proven where a microphone has heard it."""
    sound = kit.devices.sound
    if sound is None:
        return Degree.ABSENT, ""
    sound.status()
    if kit.microphone is None:
        acts.chime(sound)
        return Degree.LOOKED, "no_microphone"
    heard = kit.microphone.hears(Chime.SUCCESS, lambda: acts.chime(sound))
    return PROVEN if heard else (Degree.FAILED, "not_heard")


def _disk(kit: Kit) -> Seen:
    """Write a file as large as a case; beyond that there has to be room for a day."""
    if trouble := acts.written(kit.folder):
        return Degree.FAILED, trouble
    free = os.statvfs(kit.folder)
    low = free.f_bavail * free.f_frsize < LEAST_FREE
    return (Degree.FAILED, "disk_low") if low else PROVEN


def _centre(kit: Kit) -> Seen:
    """Ask the centre for its time."""
    try:
        kit.apart_s = (kit.centre.time() - kit.now()).total_seconds()
    except Unreachable as error:
        kit.apart_s = math.inf if isinstance(error, OutOfDate) else None
        return Degree.FAILED, "unreachable"
    except (Unknown, Rejected):
        return Degree.FAILED, "no_answer"
    return PROVEN


def _clock(kit: Kit) -> Seen:
    """Hold the kiosk's clock beside the centre's (F47)."""
    if kit.apart_s is None:
        return Degree.LOOKED, "no_centre"
    return PROVEN if abs(kit.apart_s) <= MOST_SKEW_S else (Degree.FAILED, "clock_off")


PROOFS = (
    Proof("print", "printer", _print, need="printer"),
    Proof("read_back", "document_camera", _read_back, need="printer", after="print"),
    Proof("id_reader", "id_reader", _id_reader, need="id_reader"),
    Proof(
        "social_card",
        "social_card",
        lambda kit: _well(kit.devices.social_card, "no_card"),
        need="social_card",
    ),
    Proof("camera", "camera", lambda kit: _picture(kit.devices.camera), need="camera"),
    Proof(
        "document_camera",
        "document_camera",
        lambda kit: _picture(kit.devices.document_camera),
        need="document_camera",
    ),
    Proof("pin_pad", "pin_pad", lambda kit: _well(kit.devices.pin_pad, "no_key"), need="pin_pad"),
    Proof("media", "media", lambda kit: _well(kit.devices.media, "no_stick"), need="media"),
    Proof("auxiliaries", "auxiliaries", _auxiliaries),
    Proof("sound", "sound", _sound),
    Proof("disk", "disk", _disk, need="disk", worker=WORKER),
    Proof("centre", "centre", _centre, need="centre", worker="link"),
    Proof("clock", "clock", _clock, worker="link", after="centre"),
)
"""In the order of the certificate. A proof without a need keeps no service closed."""
