"""Everything a view is made of: the visit, and what the house knows around it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from kiosk.services.closed import By, Closed
from kiosk.services.needs import Need
from kiosk.visit import Service, Visit
from regulation.rules import Rules
from screens.view import Keys

Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Scene:
    """One moment of the kiosk, for `screens.views.view`.

    `now` local time; `progress` the word of the running work; `left_s` seconds until silence has a
    consequence; `troubles` codes of what does not work just now (F30, F35); `lost`: what
    services are off for (`kiosk.services.needs`); `recovering`: what was
    open when the kiosk stopped is being settled (F45); `proving`: it tries its devices;
    `unclaimed`: a slip of the last visit may not have come out; `helping`: help was called at home,
    `helped` within the visit; `voice`: whether pages are read aloud, None where there is no sound;
    `hotlines` are the banks' telephones by their names; `keypad` the keys for a PIN that is asked
    for on the screen; `closed`: why nobody is served, and `keepers` who keeps it so
    (`kiosk.services.closed.By`); `told`: what the operator tells everybody at home;
    `kiosk_id` the number that whoever installs the kiosk compares.
    """

    visit: Visit | None
    now: datetime
    site: str
    window: str
    banks: tuple[str, ...]
    rules: Rules
    services: Mapping[str, Service]
    tr: Translate = field(repr=False)
    language: str = "zh_CN"
    large: bool = False
    progress: str = ""
    left_s: float | None = None
    troubles: frozenset[str] = frozenset()
    lost: frozenset[Need] = frozenset()
    recovering: bool = False
    proving: bool = False
    unclaimed: bool = False
    helping: bool = False
    helped: bool = False
    voice: bool | None = None
    hotlines: Mapping[str, str] = field(default_factory=dict[str, str])
    keypad: Keys | None = field(default=None, repr=False)
    closed: Closed | None = None
    keepers: tuple[By, ...] = ()
    told: str = ""
    kiosk_id: str = ""
