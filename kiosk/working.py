"""What works just now: told by whoever finds out, and looked at while nobody is served.

Main thread only. What a kiosk offers follows it between two citizens (`kiosk.services.needs`);
whoever is being served is served as they began.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Protocol

from hardware.device import Device, State, state_of
from kiosk.beside import Beside
from kiosk.devices import Devices
from kiosk.link import Centre
from kiosk.log import Event, Log
from kiosk.services.needs import Need

LOOK_S = 20.0
"""How often what is looked at is looked at."""
AGAIN_S = 3.0
"""How often what does not work is: it may just be starting, or be plugged in again."""
ALWAYS = (Need.ID_READER, Need.SOCIAL_CARD, Need.PIN_PAD)
CAMERAS = (Need.CAMERA, Need.DOCUMENT_CAMERA)
"""Looked at after a fault, and until they are well again: a look switches one on."""


class Rooms(Protocol):
    """What of a house is needed."""

    devices: Devices
    beside: Beside
    log: Log
    centre: Centre


@dataclass(slots=True, eq=False)
class Working:
    """What of a kiosk does not work: `lost`; what is not there at all is from the start.

    `painted` is told of each change.
    """

    house: Rooms
    painted: Callable[[], None]
    lost: frozenset[Need] = frozenset()
    _devices: Mapping[str, Device] = field(init=False)
    _looked: dict[Need, float] = field(default_factory=dict[Need, float])
    _faults: dict[str, object] = field(default_factory=dict[str, object])

    def __post_init__(self) -> None:
        self._devices = self.house.devices.all()
        self.lost = frozenset(each for each in Need if each not in {*self._devices, Need.CENTRE})

    def say(self, need: Need, works: bool, source: str) -> None:  # noqa: FBT001 - a word of its own
        """Take the word of who found out, `source`: the latest holds."""
        lost = self.lost - {need} if works else self.lost | {need}
        if lost == self.lost or need not in {*self._devices, Need.CENTRE}:
            return
        self.lost = lost
        state = "ok" if works else "lost"
        self.house.log.write(Event.DEVICE_STATE, device=need, state=f"{state}_{source}")
        self.painted()

    def look(self, now: float) -> None:
        """To be called a few times a second, while nobody is served. `now`: its clock, s."""
        self.say(Need.CENTRE, not self.house.centre.reach.away, "link")
        faults = self.house.log.faults()
        for need in (*ALWAYS, *CAMERAS):
            fresh = faults.get(need) != self._faults.get(need)
            due = now - self._looked.get(need, -inf) > self._every(need)
            if need in self._devices and (fresh or due):
                self._looked[need], self._faults[need] = now, faults.get(need)
                self._ask(need)

    def _every(self, need: Need) -> float:
        """How often it is looked at, in seconds."""
        lost = need in self.lost
        if need in CAMERAS:
            return LOOK_S if lost else inf
        return AGAIN_S if lost else LOOK_S

    def _ask(self, need: Need) -> None:
        device = self._devices[need]

        def told(status: object) -> None:
            self.say(need, status is State.ONLINE, "look")

        self.house.beside.once(need, lambda: state_of(device).state, told)
