"""The work of attendant mode: a row a piece of work, and on whose thread it is done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from hardware.worker import Worker
from kiosk import identity
from kiosk.attendant.backlight import Backlight
from kiosk.attendant.enrolment import Enrolment
from kiosk.attendant.entry import Door
from kiosk.attendant.export import Export
from kiosk.attendant.inspection import Inspection
from kiosk.attendant.levels import Levels
from kiosk.attendant.network import Network
from kiosk.attendant.power import Power
from kiosk.attendant.proving import Proving
from kiosk.attendant.reconciliation import Reconciliation
from kiosk.attendant.supplies import PrinterSupplies, rated
from kiosk.attendant.tasks import Tasks
from kiosk.attendant.tries import TriesFile
from kiosk.batch_work import BatchWork
from kiosk.closing import Closing
from kiosk.desk import Job
from kiosk.devices import Devices
from kiosk.journal import Journal
from kiosk.link import Centre
from kiosk.log import Log
from kiosk.pace import Pace
from kiosk.readiness.readiness import Readiness
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
    network: Network
    enrolment: Enrolment
    power: Power
    reconciliation: Reconciliation
    proving: Proving
    levels: Levels


class Rooms(Protocol):
    """What of a house attendants need."""

    settings: Settings
    devices: Devices
    workers: dict[str, Worker]
    centre: Centre
    journal: Journal
    batch: BatchWork
    printer_supplies: PrinterSupplies
    closing: Closing
    log: Log
    pace: Pace
    readiness: Readiness


def attendant_hands(house: Rooms, post: Post, again: Callable[[], None]) -> Hands:
    """Those of one kiosk; `again` begins the program anew, on the main thread."""
    settings, devices, log, now = house.settings, house.devices, house.log, house.pace.now
    folder, journal, lists = settings.data_dir, house.journal, house.batch.journal
    people, root = settings.attendant_people_file, settings.attendant_export_root
    supplies, made_for, closing = house.printer_supplies, rated(settings), house.closing
    proving = Proving(lambda: house.readiness, post)
    url, ours = settings.central_url, identity.of(settings)
    network = Network(url, ours, house.centre, now)
    return Hands(
        Door(people, TriesFile(folder, log, house.pace.calendar), devices.pin_pad, log),
        Inspection(devices, house.workers, log, proving.last),
        Tasks(journal, lists, devices.printer, supplies, made_for, closing, now, log, post, again),
        Export(folder, settings.kiosk_id, root, settings.attendant_operator_key, now, log),
        network,
        Enrolment(url, f"kiosk:{settings.kiosk_id}", ours, network, log, post, again),
        Power(settings.attendant_power_off, log),
        Reconciliation(house.centre, journal, now, log),
        proving,
        Levels(
            devices.sound,
            devices.loudness,
            Backlight(settings.screen_backlight),
            lambda: house.settings.sound_volume,
            log,
        ),
    )


def attendant_jobs(hands: Hands) -> Mapping[str, tuple[Job, ...]]:
    """The work by its name."""
    door, look, tasks = hands.door, hands.inspection, hands.tasks
    rows = {
        "attendant_pin": ("pin_pad", door.enter),
        "second_pin": ("pin_pad", door.second),
        "look_at_devices": ("look", look.look),
        "try_devices": ("look", look.trial),
        "write_touch": ("look", look.touched),
        "count_today": ("housekeeping", tasks.figures),
        "prove": ("look", hands.proving.again),
        "reconcile": ("link", hands.reconciliation.reconcile),
        "list_custody": ("housekeeping", tasks.custody),
        "end_custody": ("housekeeping", tasks.custody_over),
        "look_at_supplies": ("printer", tasks.supplies),
        "end_exchange": ("printer", tasks.exchange),
        "find_slip": ("housekeeping", tasks.find_slip),
        "look_for_export": ("housekeeping", hands.export.ready),
        "export_log": ("housekeeping", hands.export.export),
        "close_kiosk": ("housekeeping", tasks.close),
        "open_kiosk": ("housekeeping", tasks.open),
        "restart_kiosk": ("housekeeping", tasks.restart),
        "power_off": ("housekeeping", hands.power.off),
        "try_network": ("link", hands.network.trial),
        "enrol": ("link", hands.enrolment.enrol),
        "look_at_levels": ("housekeeping", hands.levels.look),
        "set_level": ("housekeeping", hands.levels.set),
    }
    return {name: (Job(worker, run, broken=BROKEN),) for name, (worker, run) in rows.items()}
