"""The program begins anew in its own place, and the visit goes on where it was.

What is known of the person passes through memory alone (memfd_create(2)): a file that never has a
name and is gone with the process that reads it. It never reaches a disk where nothing is swapped:
a kiosk has no swap.
"""

import os
import pickle
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn

from kiosk.visit import TAKE_BACK, Overlay, Service, Visit, standing

_KEPT = "KIOSK_KEPT_FD"
_WHEN = "KIOSK_RESTARTED_AT"
_STDERR = 2
REST_S = 300.0
"""At least so long between two restarts: what they do not mend they need not try all the time."""


@dataclass(frozen=True)
class Kept:
    """What goes on in the new process: the visit, and what was wished for."""

    visit: Visit | None
    large: bool
    language: str
    voice: bool = False


def rested() -> bool:
    """Whether the last restart is long enough ago; true when there was none."""
    last = float(os.environ.get(_WHEN, "-inf"))
    return time.monotonic() - last >= REST_S  # this clock goes on through a restart


def restart(kept: Kept) -> NoReturn:
    """Begin the program anew with the same arguments; any thread may call it.

    A visit that the centre may have is not kept: the journal settles it, and the same paper gets
    its slip (docs/decisions/0005). Nor is one soon after another restart: it may be the cause, and
    would begin anew for ever.
    """
    if kept.visit and not rested():
        kept = replace(kept, visit=Visit(TAKE_BACK))
    fd = os.memfd_create("visit", 0)  # without MFD_CLOEXEC: it is handed on
    with os.fdopen(os.dup(fd), "wb") as out:
        out.write(_written(kept))
    os.environ.update({_KEPT: str(fd), _WHEN: str(time.monotonic())})
    _hand_on_only(fd)
    again()


def again() -> NoReturn:
    """Begin the program anew in its own place, with its arguments and environment."""
    frozen = getattr(sys, "frozen", False)
    os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"  # else it takes itself for its own child
    arguments = [sys.executable, *sys.argv[1:]] if frozen else sys.orig_argv
    os.execv(sys.executable, arguments)  # noqa: S606 - ourselves, as we were started


def kept(services: Mapping[str, Service]) -> Kept | None:
    """What the process before left, once; None at an ordinary start.

    None too for what cannot be read, as when the program was replaced meanwhile: a start goes on.
    """
    number = os.environ.pop(_KEPT, "")
    if not number.isdecimal():
        return None
    try:
        with os.fdopen(int(number), "rb") as file:
            file.seek(0)
            return _unpacked(pickle.load(file), services)  # noqa: S301 - our own, from memory
    except Exception:  # noqa: BLE001 - whatever it was: the next start would not have it either
        return None


def _written(kept: Kept) -> bytes:
    """As bytes; a visit with a fact that has no bytes is left out, so that the program lives."""
    try:
        return pickle.dumps(_packed(kept))
    except Exception:  # noqa: BLE001 - pickle raises what it likes
        return pickle.dumps(_packed(replace(kept, visit=Visit(TAKE_BACK))))


def _hand_on_only(fd: int) -> None:
    """Close every other file over the exec: Python's own are, those of C libraries need not be.

    A camera or a card held by a file nobody knows of any more could not be opened again.
    """
    for row in Path("/proc/self/fd").iterdir():
        number = int(row.name)
        if number > _STDERR and number != fd:
            with suppress(OSError):  # the listing's own is gone
                os.set_inheritable(number, False)


def _packed(kept: Kept) -> dict[str, Any]:
    visit = kept.visit
    wishes = {"large": kept.large, "language": kept.language, "voice": kept.voice}
    row: dict[str, Any] = {"wishes": wishes, "service": ""}
    step = standing(visit) if visit else None
    if visit is None or step is None or (step.binding and visit.service is not TAKE_BACK):
        return row
    over = visit.overlay
    return row | {
        "service": visit.service.name,
        "facts": dict(visit.facts),
        "overlay": (over.code, over.device, over.detail) if over else None,
        "tries": visit.tries,
    }


def _unpacked(row: dict[str, Any], services: Mapping[str, Service]) -> Kept:
    visit = None
    if row["service"]:
        over = Overlay(*row["overlay"]) if row["overlay"] else None
        facts = MappingProxyType(row["facts"])
        visit = Visit(services[row["service"]], facts, over, row["tries"])
    return Kept(visit, **row["wishes"])
