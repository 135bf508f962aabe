"""The work of attendant mode: a row a piece of work, and on whose thread it is done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from hardware.worker import Worker
from kiosk.attendant.entry import Door
from kiosk.attendant.export import Export
from kiosk.attendant.inspection import Inspection
from kiosk.attendant.supplies import Paper
from kiosk.attendant.tasks import Tasks
from kiosk.attendant.tries import TriesFile
from kiosk.closing import Closing
from kiosk.desk import Job
from kiosk.devices import Devices
from kiosk.journal import Journal
from kiosk.log import Log
from kiosk.pace import Pace
from kiosk.settings import Settings

BROKEN = "attendant_failed"

Post = Callable[[Callable[[], None]], None]


@dataclass(frozen=True, slots=True)
class Hands:
    """Those who do the work of attendant mode."""

    door: Door
    inspection: Inspection
    tasks: Tasks
    export: Export


class Rooms(Protocol):
    """What of a house attendants need."""

    settings: Settings
    devices: Devices
    workers: dict[str, Worker]
    journal: Journal
    paper: Paper
    closing: Closing
    log: Log
    pace: Pace


def attendant_hands(house: Rooms, post: Post, again: Callable[[], None]) -> Hands:
    """Those of one kiosk; `again` begins the program anew, on the main thread."""
    settings, devices, log, now = house.settings, house.devices, house.log, house.pace.now
    folder, journal = settings.data_dir, house.journal
    people, root = settings.attendant_people_file, settings.attendant_export_root
    paper, closing = house.paper, house.closing
    return Hands(
        Door(people, TriesFile(folder, log, house.pace.calendar), devices.pin_pad, log),
        Inspection(devices, house.workers, log),
        Tasks(journal, devices.printer, paper, closing, now, log, post, again),
        Export(folder, settings.kiosk_id, root, settings.attendant_operator_key, now, log),
    )


def attendant_jobs(hands: Hands) -> Mapping[str, tuple[Job, ...]]:
    """The work by its name."""
    door, look, tasks = hands.door, hands.inspection, hands.tasks
    rows = {
        "attendant_pin": ("pin_pad", door.enter),
        "second_pin": ("pin_pad", door.second),
        "look_at_devices": ("look", look.look),
        "try_devices": ("look", look.trial),
        "count_today": ("housekeeping", tasks.figures),
        "list_custody": ("housekeeping", tasks.custody),
        "end_custody": ("housekeeping", tasks.custody_over),
        "look_at_supplies": ("printer", tasks.supplies),
        "end_exchange": ("printer", tasks.exchange),
        "find_slip": ("housekeeping", tasks.find_slip),
        "export_log": ("housekeeping", hands.export.export),
        "close_kiosk": ("housekeeping", tasks.close),
        "open_kiosk": ("housekeeping", tasks.open),
        "restart_kiosk": ("housekeeping", tasks.restart),
    }
    return {name: (Job(worker, run, broken=BROKEN),) for name, (worker, run) in rows.items()}
