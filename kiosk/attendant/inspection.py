"""How the devices are, and what they can do when they are tried: each on its own thread.

The same drivers that serve citizens are asked, and the same things done as `python -m kiosk check`
does, while no citizen is there: the visit at the screen is the attendant's own.
"""

import queue
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hardware.device import Device
from hardware.id_reader.driver import NoPaper, Unreadable
from hardware.worker import Worker
from kiosk.check import NOT_THERE, Act, Finding, acts, looked
from kiosk.desk import Ask
from kiosk.devices import Devices
from kiosk.log import Event as LogEvent
from kiosk.log import Log
from kiosk.readiness.acts import chime, lamps, slip_of
from kiosk.services.answers import Agreed
from kiosk.services.attendant_answers import DeviceSeen, DevicesSeen, Try
from kiosk.services.proved import Proved
from kiosk.services.touch_test import MISSED
from kiosk.visit import Event, Said

WITHIN_S = 12.0
"""A device that has not told by then does not answer: the slowest answers a fault in 6 s."""
LIT_S = 1.5
"""How long the lamps are lit and the buzzer sounds."""
READ_S = 4.0
"""How long the reader looks for a card that is laid on it."""
SELF_TEST = "self-test"


@dataclass(frozen=True, slots=True)
class Inspection:
    """Looks at devices and tries them; its methods run on a thread of no device.

    `proved` gives what the kiosk last proved of itself.
    """

    devices: Devices
    workers: Mapping[str, Worker]
    log: Log
    proved: Callable[[], Proved | None] = lambda: None

    def look(self, ask: Ask) -> Event | None:
        """How every device is."""
        found = self._all(ask, self.devices.all(), {})
        seen = tuple(map(self._seen, found))
        return Said(DevicesSeen(seen, self.proved())) if found else None

    def trial(self, ask: Ask) -> Event | None:
        """Try one device, or all: what it was seen to do, or what is wrong with it."""
        wanted = ask.visit.facts.get("devices") if ask.visit else None
        if not isinstance(wanted, Try):
            return None
        chosen = {
            name: device
            for name, device in self.devices.all().items()
            if wanted.device in ("", name)
        }
        found = self._all(ask, chosen, self._acts(ask))
        if not found:
            return None
        for each in found:
            self.log.write(
                LogEvent.SELF_TEST, device=each.device, state=each.state, detail=each.detail
            )
        return Said(DevicesSeen(tuple(self._seen(each) for each in found if each.state)))

    def touched(self, ask: Ask) -> Event | None:
        """Write down what the touch screen heard: an attendant tried it, zone by zone."""
        missed = MISSED.of(ask.visit.facts) if ask.visit else None
        if missed is None:
            return None
        state = "hardware_error" if missed.zones else "online"
        detail = f"missed {len(missed.zones)}" if missed.zones else ""
        self.log.write(LogEvent.SELF_TEST, device="touch", state=state, detail=detail)
        return Said(Agreed())

    def _all(
        self, ask: Ask, devices: Mapping[str, Device], doing: Mapping[str, Act]
    ) -> list[Finding]:
        """The findings of these devices, in their order; empty where nobody waits any more."""
        answers: queue.SimpleQueue[tuple[str, object]] = queue.SimpleQueue()
        for name, device in devices.items():
            self.workers[name].submit(
                lambda _cancel, name=name, device=device: looked(name, device, doing.get(name)),
                lambda answer, name=name: answers.put((name, answer)),
            )
        found = _gathered(answers, len(devices), ask)
        if found is None:
            return []
        silent = {name: Finding(name, "offline", "time_out", "replug") for name in devices}
        if len(devices) > 1:
            silent = {name: Finding(name, NOT_THERE) for name in self.devices.NAMES} | silent
        return list((silent | found).values())

    def _acts(self, ask: Ask) -> dict[str, Act]:
        devices = self.devices
        own: dict[str, Act] = {
            "printer": self._slip,
            "id_reader": lambda: _card(ask, devices),
        }
        if devices.sound is not None:
            own["sound"] = self._chime
        if devices.auxiliaries is not None:
            own["auxiliaries"] = lambda: self._lights(ask)
        return acts(devices) | own

    def _slip(self) -> str:
        self.devices.printer.print(slip_of(SELF_TEST))
        return "slip printed"

    def _chime(self) -> str:
        if self.devices.sound is not None:
            chime(self.devices.sound)
        return "chime played"

    def _lights(self, ask: Ask) -> str:
        """All lamps and the buzzer for a moment, then as they were: dark."""
        if self.devices.auxiliaries is not None:
            lamps(self.devices.auxiliaries, ask.cancel, LIT_S, buzzer=True)
        return "lamps lit"

    def _seen(self, finding: Finding) -> DeviceSeen:
        last = self.log.faults().get(finding.device)
        return DeviceSeen(
            finding.device,
            finding.state,
            finding.detail,
            finding.cure,
            finding.supplies,
            finding.did,
            last=last[1] if last else "",
            last_at=f"{last[0]:%H:%M}" if last else "",
        )


def _gathered(
    answers: "queue.SimpleQueue[tuple[str, object]]", count: int, ask: Ask
) -> dict[str, Finding] | None:
    """What came in time; None when nobody waits for it any more."""
    found: dict[str, Finding] = {}
    until = time.monotonic() + WITHIN_S
    heard = 0
    while heard < count and not ask.cancel.is_set() and time.monotonic() < until:
        try:
            name, answer = answers.get(timeout=0.1)
        except queue.Empty:
            continue
        heard += 1
        if isinstance(answer, Finding):
            found[name] = answer
        else:
            found[name] = Finding(name, "hardware_error", "internal_error", "attendant")
    return None if ask.cancel.is_set() else found


def _card(ask: Ask, devices: Devices) -> str:
    """Whether a card that is laid on the reader can be read; nothing of it is kept."""
    reading = devices.id_reader.read(ask.cancel, READ_S)
    if isinstance(reading, NoPaper):
        return "no card laid on"
    return "card not readable" if isinstance(reading, Unreadable) else "card read"
