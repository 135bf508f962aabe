"""`python -m kiosk check`: every device of the settings says how it is, and shows what it can do.

Works with any of them attached. Nothing of a person is read: a card or paper that lies somewhere is
told of as `present`, and left alone.
"""

import argparse
import json
import secrets
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from hardware.camera.driver import Camera
from hardware.device import Device, Media, State, state_of, status_of
from hardware.fault import DeviceFault
from hardware.id_reader.driver import IdReader
from hardware.printer.raster import MissingFont
from kiosk.devices import Devices, ProfileError
from kiosk.log import where
from kiosk.readiness.acts import PICTURE_S, read_back, sam_number, slip_of
from kiosk.settings import SettingsError, load

PATIENCE_S = 20.0
"""A device that has not told by then does not answer at all."""
CLOSE_S = 5.0
SLIP_SEEN_S = 15.0

INTERRUPTED = 130

NOT_THERE = "not_configured"

Act = Callable[[], str]
"""Does something with a device and says in a word what was done; may raise DeviceFault."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of a device: its state, what is wrong and who can mend it, what it holds.

    `did` is what it was seen to do.
    """

    device: str
    state: str
    detail: str = ""
    cure: str = ""
    media: str = ""
    supplies: Mapping[str, str] = field(default_factory=dict[str, str])
    did: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def fine(self) -> bool:
        """Whether nothing has to be done about it."""
        return self.state in (State.ONLINE, NOT_THERE) and not self.detail


def check(devices: Devices, *, slip: bool = True, seen_s: float = SLIP_SEEN_S) -> list[Finding]:
    """Try every device, all at once, each on a thread of its own; then the slip's way around.

    `slip`: print a test slip, and read its code back through the document camera within `seen_s`;
    not while another program, a kiosk, holds a device: it may be printing for somebody.
    """
    doing = acts(devices)
    found = {name: Finding(name, NOT_THERE) for name in devices.NAMES}
    found |= _side_by_side(devices.all(), doing)
    alone = all(each.state != State.DEVICE_BUSY for each in found.values())
    if slip and alone and found["printer"].fine:
        code = f"check|{secrets.token_hex(4)}"
        seen = devices.document_camera if found["document_camera"].fine else None
        try:
            found["printer"] = _printed(devices, code, seen, seen_s, found["printer"])
        except Exception as error:  # noqa: BLE001 - as above: the rest was found already
            found["printer"] = _ours("printer", error)
    return list(found.values())


def acts(devices: Devices) -> dict[str, Act]:
    """What a device shows beside its status."""
    return {
        "id_reader": lambda: _sam(devices.id_reader),
        "camera": lambda: _picture(devices.camera),
        "document_camera": lambda: _picture(devices.document_camera),
    }


def _sam(reader: IdReader) -> str:
    number = sam_number(reader)
    return f"sam {number}" if number else "no sam number"


def _picture(camera: Camera) -> str:
    camera.start()
    try:
        height, width = camera.take(PICTURE_S).shape[:2]
    finally:
        camera.stop()
    return f"picture {width}x{height}"


def _side_by_side(devices: Mapping[str, Device], acts: Mapping[str, Act]) -> dict[str, Finding]:
    """The findings of all, in order; a device that keeps its thread for ever is told of too."""
    found: dict[str, Finding] = {}

    def look(name: str, device: Device) -> None:
        try:
            found[name] = looked(name, device, acts.get(name))
        except Exception as error:  # noqa: BLE001 - a fault of ours must not hide the other devices
            found[name] = _ours(name, error)

    threads = {
        name: threading.Thread(target=look, args=(name, device), daemon=True)
        for name, device in devices.items()
    }
    for thread in threads.values():
        thread.start()
    until = time.monotonic() + PATIENCE_S
    for name, thread in threads.items():
        thread.join(max(0.0, until - time.monotonic()))
        if name not in found:
            found[name] = Finding(name, State.OFFLINE, "time_out", "attendant", seconds=PATIENCE_S)
    return {name: found[name] for name in devices}


def _ours(name: str, error: Exception) -> Finding:
    """What is found when our own program fails at a device."""
    sys.stderr.write(f"check: {name}: {type(error).__name__} at {where(error)}\n")
    return Finding(name, State.HARDWARE_ERROR, "internal_error", "attendant")


def looked(name: str, device: Device, act: Act | None) -> Finding:
    """How a device is, and what came of trying it, where nothing is wrong with it before."""
    began = time.monotonic()
    status = state_of(device)
    finding = Finding(
        name,
        status.state,
        status.detail,
        status.cure or "",
        "" if status.media is Media.UNKNOWN else status.media,
        dict(status.supplies),
    )
    if finding.fine and act is not None:
        finding = _done(finding, act)
    return replace(finding, seconds=round(time.monotonic() - began, 3))


def _done(finding: Finding, act: Act) -> Finding:
    try:
        return replace(finding, did=(*finding.did, act()))
    except DeviceFault as fault:
        status = status_of(fault)
        return replace(finding, state=status.state, detail=fault.detail, cure=str(fault.cure))


def _printed(
    devices: Devices, code: str, camera: Camera | None, seen_s: float, finding: Finding
) -> Finding:
    """Print the slip; somebody lays it under the document camera, and its code is read back."""

    def act() -> str:
        devices.printer.print(slip_of(code))
        return "slip printed"

    began = time.monotonic()
    finding = _done(finding, act)
    finding = replace(finding, seconds=round(finding.seconds + time.monotonic() - began, 3))
    if camera is None or not finding.fine:
        return finding
    sys.stderr.write("check: 请把自检单放到证件摄像头下 · lay the slip under the document camera\n")
    word = "slip read back" if _seen(camera, code, seen_s) else "slip not read back"
    return replace(finding, did=(*finding.did, word))


def _seen(camera: Camera, code: str, within_s: float) -> bool:
    try:
        return read_back(camera, code, within_s)
    except DeviceFault:  # its own finding tells of it
        return False


def _let_go(devices: Devices) -> None:
    """Close every device; one that keeps its thread for ever does not keep what was found."""
    closing = threading.Thread(target=devices.close, daemon=True)
    closing.start()
    closing.join(CLOSE_S)


def table(found: Sequence[Finding]) -> str:
    """The findings for people: a line a device."""
    rows = [("device", "state", "detail", "cure", "media", "supplies", "seen", "s")]
    rows += [
        (
            each.device,
            each.state,
            each.detail,
            each.cure,
            each.media,
            " ".join(f"{name}={level}" for name, level in each.supplies.items()),
            ", ".join(each.did),
            f"{each.seconds:.2f}",
        )
        for each in found
    ]
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = (
        "  ".join(cell.ljust(size) for cell, size in zip(row, widths, strict=True)) for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


def main(argv: list[str]) -> int:
    """0 when every device is fine, 1 when one is not, 2 when the settings cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m kiosk check", description=__doc__)
    parser.add_argument("--config", type=Path, help="settings; what it leaves out is the default")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of the table")
    parser.add_argument("--no-slip", action="store_true", help="print nothing")
    parser.add_argument(
        "--seen", type=float, default=SLIP_SEEN_S, help="seconds to look for the slip (default 15)"
    )
    asked = parser.parse_args(argv)
    try:
        devices = Devices(load(asked.config))
    except (SettingsError, ProfileError, MissingFont) as error:
        sys.stderr.write(f"kiosk check: {error}\n")
        return 2
    try:
        found = check(devices, slip=not asked.no_slip, seen_s=asked.seen)
        _tell(found, as_json=asked.json)
    except (KeyboardInterrupt, BrokenPipeError):  # nobody waits for it, or reads it, any more
        sys.stdout = None
        return INTERRUPTED
    finally:
        _let_go(devices)
    return 0 if all(each.fine for each in found) else 1


def _tell(found: Sequence[Finding], *, as_json: bool) -> None:
    if as_json:
        rows = {each.device: asdict(each) for each in found}
        fine = all(each.fine for each in found)
        text = json.dumps({"fine": fine, "devices": rows}, ensure_ascii=False, indent=1)
    else:
        text = table(found)
    print(text, flush=True)  # noqa: T201 - a command's output
