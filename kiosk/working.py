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
from kiosk.readiness.acts import written
from kiosk.readiness.proof import WORKER
from kiosk.services.needs import Need
from kiosk.settings import Settings

LOOK_S = 20.0
"""How often what is looked at is looked at."""
AGAIN_S = 3.0
"""How often what does not work is: it may just be starting, or be plugged in again."""
ALWAYS = (Need.ID_READER, Need.SOCIAL_CARD, Need.PIN_PAD)
AFTER_FAULT = (Need.CAMERA, Need.DOCUMENT_CAMERA, Need.DISK)
"""Looked at after a fault, and until they are well again: a look has a camera on, and writes."""
NO_DEVICES = (Need.CENTRE, Need.DISK)
"""Every kiosk has them."""


class Rooms(Protocol):
    """What of a house is needed."""

    devices: Devices
    beside: Beside
    log: Log
    centre: Centre
    settings: Settings


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
    _unseen: dict[Need, str] = field(default_factory=dict[Need, str])
    """What is lost for something that a look does not see, and who saw it."""

    def __post_init__(self) -> None:
        self._devices = self.house.devices.all()
        self.lost = frozenset(each for each in Need if not self._has(each))

    def say(self, need: Need, works: bool, source: str, *, unseen: bool = False) -> None:  # noqa: FBT001
        """Take the word of who found out, `source`: the latest holds.

        What nobody else can see (`unseen`) holds until the same source says otherwise.
        """
        if self._unseen.get(need, source) != source:
            return
        self._unseen.pop(need, None)
        if unseen:
            self._unseen[need] = source
        lost = self.lost - {need} if works else self.lost | {need}
        if lost == self.lost or not self._has(need):
            return
        self.lost = lost
        state = "ok" if works else "lost"
        self.house.log.write(Event.DEVICE_STATE, device=need, state=f"{state}_{source}")
        self.painted()

    def look(self, now: float) -> None:
        """To be called a few times a second, while nobody is served. `now`: its clock, s."""
        reach = self.house.centre.reach
        if reach.away or not reach.missed:  # one lost request tells nothing, nor takes a word back
            self.say(Need.CENTRE, not reach.away, "link")
        log = self.house.log
        faults = {**log.faults(), Need.DISK: log.counts[Event.STORE_FAILED]}
        for need in (*ALWAYS, *AFTER_FAULT):
            fresh = faults.get(need) != self._faults.get(need)
            due = now - self._looked.get(need, -inf) > self._every(need)
            if self._has(need) and (fresh or due):
                self._looked[need], self._faults[need] = now, faults.get(need)
                self._ask(need)

    def _has(self, need: Need) -> bool:
        """Whether this kiosk has it at all."""
        return need in self._devices or need in NO_DEVICES

    def _every(self, need: Need) -> float:
        """How often it is looked at, in seconds."""
        lost = need in self.lost
        if need in AFTER_FAULT:
            return LOOK_S if lost else inf
        return AGAIN_S if lost else LOOK_S

    def _ask(self, need: Need) -> None:
        device, folder = self._devices.get(need), self.house.settings.data_dir

        def well() -> bool:
            if device is None:
                return not written(folder)
            return state_of(device).state is State.ONLINE

        worker = WORKER if device is None else need
        self.house.beside.once(worker, well, lambda works: self.say(need, works is True, "look"))
