"""What the work of attendant mode may find, for the crawler, and who enters."""

from collections.abc import Mapping
from dataclasses import replace

from kiosk.services.answers import Agreed
from kiosk.services.attendant import ENTRY_SERVICE, MODE_SERVICE, TASK_DONE
from kiosk.services.attendant_answers import (
    ATTENDANT,
    TASK,
    Attendant,
    Count,
    DeviceSeen,
    DevicesSeen,
    Exchange,
    Exchanged,
    Exported,
    Figures,
    Hop,
    InCustody,
    Kept,
    Locked,
    NetworkSeen,
    NoSlip,
    NotAdmitted,
    Role,
    SuppliesSeen,
    Task,
    Worn,
)
from kiosk.services.enrolling import ENROLMENT_SERVICE
from kiosk.services.helping import HELPED, HELPING_SERVICE, Helped
from kiosk.services.levels import SET_AGAIN, LevelsSeen
from kiosk.services.proved import Proof, Proved
from kiosk.services.reconciliation import Difference, Differs, Reconciled
from kiosk.services.reprint import Claim
from kiosk.visit import Begin, Change, Event, Facts, Failed, Said

WHO = Attendant("1001", Role.ATTENDANT)
SECOND = Attendant("2002", Role.SUPERVISOR)
VOUCHER_NO = "CQ-0017-20261123-0042-K"
PROVED = Proved(
    "2026-11-23T06:00:07+08:00",
    (Proof("print", "printer", "proven", ""), Proof("sound", "sound", "looked", "no_microphone")),
)
UNPROVED = replace(
    PROVED,
    proofs=(
        *PROVED.proofs,
        Proof("read_back", "document_camera", "absent", "switched_off"),
        Proof("social_card", "social_card", "failed", "media_jammed"),
        Proof("media", "media", "failed", "odd_word"),
        Proof("centre", "centre", "failed", "unreachable"),
        Proof("clock", "clock", "failed", "internal_error"),
    ),
)
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
    ),
    UNPROVED,
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
_NEW, _OLD = "2026-11-23", "2024-01-08"
WORN = (
    (
        Worn(Exchange.HEAD, 88_000, _OLD, 100_000, 170.4),
        Worn(Exchange.CUTTER, 1_350_000, _OLD, 1_500_000, 40.2),
    ),
    (Worn(Exchange.HEAD, 480, _NEW), Worn(Exchange.CUTTER, 3, _NEW)),
    (Worn(Exchange.HEAD, 480, _NEW, 100_000), Worn(Exchange.CUTTER, 3, _NEW, 1_500_000, 9_000.0)),
    (
        Worn(Exchange.HEAD, 90_000, _OLD, 100_000),
        Worn(Exchange.CUTTER, 1_530_000, _OLD, 1_500_000, 0.0),
    ),
)
"""The printer's parts: worn; of no known life; new; and warned of without a forecast, or over."""
AT = "2026-11-23T09:44:00+08:00"
OTHER_NO = "CQ-0017-20261123-0043-M"
DIFFERING = Reconciled(
    12,
    (
        Difference(Differs.MISSING, "new_individual", AT, VOUCHER_NO, ""),
        Difference(Differs.OTHER, "loss_report", AT, VOUCHER_NO, OTHER_NO),
        Difference(Differs.OTHER, "loss_report", AT, "", OTHER_NO),
        Difference(Differs.OPEN, "pin_reset", AT, "", ""),
        Difference(Differs.OPEN, "pin_reset", AT, "", OTHER_NO),
    ),
    3,
)
HOPS = tuple(Hop(name, ok=True, figure=12) for name in ("dns", "tcp", "tls", "answer", "clock"))
_BROKEN = Failed("attendant_failed", "printer", "cover_open")
_PIN: tuple[Event, ...] = (
    *(Said(NotAdmitted()), Said(Locked(120))),
    Failed("pin_pad", "pin_pad", "time_out"),
)

ENROLMENTS: tuple[Event, ...] = (
    *(Failed("enrol_refused"), Failed("enrol_other", detail="0018"), Failed("enrol_often")),
    *(Failed("enrol_offline", detail=f"way_{hop}") for hop in ("dns", "tcp", "tls", "answer")),
    Failed("attendant_failed", "disk"),
)
"""What may come of a one-time code; the right one begins the program anew."""

ATTENDANTS_WORK: Mapping[str, tuple[Event, ...]] = {
    "attendant_pin": (Begin(MODE_SERVICE, {ATTENDANT.name: WHO}), *_PIN),
    "second_pin": (Said(SECOND), *_PIN),
    "look_at_devices": (
        *(Said(SEEN), Said(replace(SEEN, proved=PROVED)), Said(replace(SEEN, proved=None))),
    ),
    "prove": (Said(UNPROVED), Said(PROVED)),
    "try_devices": (Said(TRIED),),
    "write_touch": (Said(Agreed()),),
    "count_today": (
        Said(Figures((Count("new_individual", "issued", 12), Count("pin_reset", "intent", 1)), 1)),
        Said(Figures((), 0)),
    ),
    "reconcile": (Said(Reconciled(0)), Said(Reconciled(12)), Said(DIFFERING)),
    "list_custody": (
        Said(InCustody((Kept("id_reader", AT), Kept("retain_bin", AT), Kept("retain_bin", AT)))),
        Said(InCustody(())),
    ),
    "end_custody": (Said(Change(drop=("custody_seen", "custody", "custody_sure"))),),
    "look_at_supplies": (
        *(Said(SuppliesSeen(4_130, "low", 2.6, 2, parts)) for parts in WORN),
        Said(SuppliesSeen(41_300, "ok", None, 2, WORN[1])),
        Said(SuppliesSeen(None, "unknown", None, 0)),
    ),
    "end_exchange": (
        *(Said(Exchanged(80, 3)), Said(Exchanged(2, 2)), Said(Exchanged(480, 0))),
        _BROKEN,
    ),
    "find_slip": (
        Said(NoSlip()),
        Said(Claim("key", VOUCHER_NO)),
    ),
    "look_for_export": (
        Said(Agreed()),
        Failed("attendant_unset", "media", "export_root"),
    ),
    "export_log": (
        Said(Exported("kiosk-0017-20261123T104200.log.sealed", 20_431)),
        Failed("attendant_stick", "media", "No space left on device"),
    ),
    "close_kiosk": (Said(TASK_DONE),),
    "open_kiosk": (Said(TASK_DONE),),
    "restart_kiosk": (Failed("attendant_failed"),),
    "power_off": (Failed("attendant_failed", "power"),),
    "enrol": ENROLMENTS,
    "look_at_levels": (Said(LevelsSeen(60, 100)), Said(LevelsSeen(None, None))),
    "set_level": (Said(SET_AGAIN), Failed("attendant_failed", "brightness")),
    "try_network": tuple(Said(NetworkSeen(HOPS[:n])) for n in (5,))
    + tuple(Said(NetworkSeen((*HOPS[:n], replace(HOPS[n], ok=False)))) for n in range(5)),
}
"""The work by its name."""

ATTENDANTS_TYPED: Mapping[str, tuple[str, ...]] = {
    "attendant_id": ("1001",),
    "second_id": ("2002", WHO.id),
    "voucher_no": ("0042K",),
    "bin_count": ("2",),
}
"""What is typed."""


HELPED_STATES = (
    Helped("new_individual", "phone", 4),
    Helped("pin_reset", "submit", 7, "F33", sealed=True, may_end=False),
    Helped("menu", "menu", 0, "F35", "id_reader"),
    Helped("loss_report", "done", 3, submitted=True, printed=True),
)
"""What an attendant who helps may find of a visit."""


def entrances(today: Facts) -> tuple[Begin, ...]:
    """At the door; inside; and opening a kiosk that is out of service."""
    known = {**today, ATTENDANT.name: WHO}
    opening = {**known, TASK.name: Task.OPEN}
    return (
        Begin(ENTRY_SERVICE, today),
        Begin(ENROLMENT_SERVICE, today),
        Begin(MODE_SERVICE, known),
        Begin(MODE_SERVICE, opening),
        *(Begin(HELPING_SERVICE, {**known, HELPED.name: each}) for each in HELPED_STATES),
    )
