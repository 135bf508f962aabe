"""What the work of attendant mode may find, for the crawler, and who enters."""

from collections.abc import Mapping

from kiosk.services.attendant import ENTRY_SERVICE, MODE_SERVICE, TASK_DONE
from kiosk.services.attendant_answers import (
    ATTENDANT,
    TASK,
    Attendant,
    Count,
    DeviceSeen,
    DevicesSeen,
    Exchanged,
    Exported,
    Figures,
    InCustody,
    Kept,
    Locked,
    NoSlip,
    NotAdmitted,
    Role,
    SuppliesSeen,
    Task,
)
from kiosk.services.reprint import Claim
from kiosk.visit import Begin, Change, Event, Facts, Failed, Said

WHO = Attendant("1001", Role.ATTENDANT)
SECOND = Attendant("2002", Role.SUPERVISOR)
VOUCHER_NO = "CQ-0017-20261123-0042-K"
SEEN = DevicesSeen(
    (
        DeviceSeen("id_reader", "online"),
        DeviceSeen("social_card", "hardware_error", "media_jammed", "attendant"),
        DeviceSeen("printer", "offline", "paper_out", "refill", {"paper": "empty"}),
        DeviceSeen("camera", "online", last="camera_inoperable", last_at="09:12"),
        DeviceSeen("document_camera", "no_device", "no_device", "replug"),
        DeviceSeen("pin_pad", "online"),
        DeviceSeen("media", "hardware_error", "odd_word", "attendant"),
        DeviceSeen("auxiliaries", "not_configured"),
        DeviceSeen("sound", "offline", "time_out", "retry"),
    )
)
TRIED = DevicesSeen(
    (
        DeviceSeen("id_reader", "online", did=("card read",)),
        DeviceSeen("printer", "online", supplies={"paper": "low"}),
        DeviceSeen("camera", "online", did=("picture 1280x720",)),
        DeviceSeen("auxiliaries", "user_error", "cover_open", "attendant"),
        DeviceSeen("sound", "hardware_error", "cutter_error", "attendant"),
    )
)
AT = "2026-11-23T09:44:00+08:00"
_BROKEN = Failed("attendant_failed", "printer", "cover_open")
_PIN: tuple[Event, ...] = (
    *(Said(NotAdmitted()), Said(Locked(120))),
    Failed("pin_pad", "pin_pad", "time_out"),
)

ATTENDANTS_WORK: Mapping[str, tuple[Event, ...]] = {
    "attendant_pin": (Begin(MODE_SERVICE, {ATTENDANT.name: WHO}), *_PIN),
    "second_pin": (Said(SECOND), *_PIN),
    "look_at_devices": (Said(SEEN),),
    "try_devices": (Said(TRIED),),
    "count_today": (
        Said(Figures((Count("new_individual", "issued", 12), Count("pin_reset", "intent", 1)), 1)),
        Said(Figures((), 0)),
    ),
    "list_custody": (
        Said(InCustody((Kept("id_reader", AT), Kept("retain_bin", AT), Kept("retain_bin", AT)))),
        Said(InCustody(())),
    ),
    "end_custody": (Said(Change(drop=("custody_seen", "custody", "custody_sure"))),),
    "look_at_supplies": (
        Said(SuppliesSeen(None, "unknown", None, 0)),
        Said(SuppliesSeen(41_300, "ok", None, 2)),
        Said(SuppliesSeen(4_130, "low", 2.6, 2)),
    ),
    "end_exchange": (Said(Exchanged(80, 3)), Said(Exchanged(2, 2)), _BROKEN),
    "find_slip": (
        Said(NoSlip()),
        Said(Claim("key", VOUCHER_NO)),
    ),
    "export_log": (
        Said(Exported("kiosk-0017-20261123T104200.log.sealed", 20_431)),
        Failed("attendant_stick", "media", "No space left on device"),
    ),
    "close_kiosk": (Said(TASK_DONE),),
    "open_kiosk": (Said(TASK_DONE),),
    "restart_kiosk": (Failed("attendant_failed"),),
}
"""The work by its name."""

ATTENDANTS_TYPED: Mapping[str, tuple[str, ...]] = {
    "attendant_id": ("1001",),
    "second_id": ("2002", WHO.id),
    "voucher_no": ("0042K",),
    "bin_count": ("2",),
}
"""What is typed."""


def entrances(today: Facts) -> tuple[Begin, ...]:
    """At the door; inside; and opening a kiosk that is out of service."""
    known = {**today, ATTENDANT.name: WHO}
    opening = {**known, TASK.name: Task.OPEN}
    return (
        Begin(ENTRY_SERVICE, today),
        Begin(MODE_SERVICE, known),
        Begin(MODE_SERVICE, opening),
    )
