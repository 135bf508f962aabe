"""Attendant mode as two services: entering with an id and a PIN, and the tasks of whoever entered.

A task is a few steps of the second; after it the attendant is back at the list of tasks. Silence
leaves it as it leaves every visit. Source: VxSuite access control; XFS4IoT Storage (exchange).
"""

from collections.abc import Callable
from dataclasses import replace

from kiosk.services.answers import Agreed, Printed, WantSlip
from kiosk.services.attendant_answers import (
    ATTENDANT,
    EXCHANGE,
    TASK,
    Attendant,
    DevicesSeen,
    Exchange,
    Exchanged,
    Exported,
    Figures,
    InCustody,
    Locked,
    Mend,
    Metres,
    NetworkSeen,
    NoSlip,
    NotAdmitted,
    PowerOff,
    SuppliesSeen,
    TakeOut,
    Task,
    Try,
    Wanted,
)
from kiosk.services.closed import Closed
from kiosk.services.failures import retries
from kiosk.services.levels import LEVEL_STEPS
from kiosk.services.proved import PROVED, ProveAgain, Proved
from kiosk.services.reconciliation import RECONCILED, Reconciled
from kiosk.services.reprint import CLAIM, Claim
from kiosk.services.touch_test import TOUCH_STEPS, TouchTest
from kiosk.visit import Again, Change, Fact, Facts, Patience, Service, Step, Visit

ENTRY = "attendant_entry"
MODE = "attendant"
HELPING = "attendant_help"
ENROLMENT = "enrolment"
OF_ATTENDANTS = (ENTRY, MODE, HELPING, ENROLMENT)
"""The services that begin also where the kiosk is out of service."""

COUNTED = Fact("bin_count", str)
WHO = Fact("attendant_id", str)
SECOND_WHO = Fact("second_id", str)
VOUCHER_NO = Fact("voucher_no", str)
REASON = Fact("close_reason", Closed)


def attending(visit: Visit | None) -> Attendant | None:
    """Who is in attendant mode, or helps within a visit, if anybody."""
    inside = visit is not None and visit.service.name in (MODE, HELPING)
    return ATTENDANT.of(visit.facts) if visit and inside else None


def _admitted(_facts: Facts, answer: object) -> Again | None:
    match answer:
        case NotAdmitted():
            return Again("attendant_wrong")
        case Locked(seconds):
            return Again("attendant_locked", str(seconds))
        case _:
            return None


def _another(facts: Facts, answer: object) -> Again | None:
    """Two are two people."""
    who = ATTENDANT.of(facts)
    return Again("attendant_same") if who and answer == who.id else None


ENTRY_SERVICE = Service(
    ENTRY,
    (
        Step("attendant_id", (str,), patience=Patience.TYPING),
        Step(
            "attendant_pin",
            (NotAdmitted, Locked),
            work="attendant_pin",
            check=_admitted,
            patience=Patience.TYPING,
        ),
    ),
    refused=(),
    retries=retries,
)
"""The work with the PIN begins the other service when it is right."""


def _of(task: Task, *steps: Step) -> tuple[Step, ...]:
    """The steps of a task, where that task is done."""

    def both(step: Step) -> Callable[[Facts], bool]:
        return lambda facts: TASK.of(facts) is task and step.when(facts)

    return tuple(replace(step, when=both(step)) for step in steps)


def _exchanges(what: Exchange) -> Callable[[Facts], bool]:
    return lambda facts: EXCHANGE.of(facts) is what


def _renews(facts: Facts) -> bool:
    return EXCHANGE.of(facts) in (Exchange.HEAD, Exchange.CUTTER)


def _mends(facts: Facts) -> bool:
    return isinstance(facts.get("devices"), Mend)


def _tries(facts: Facts) -> bool:
    return isinstance(facts.get("devices"), Try)


def _proves(facts: Facts) -> bool:
    return isinstance(facts.get("devices"), ProveAgain)


def _powers_off(facts: Facts) -> bool:
    return isinstance(facts.get("restart_sure"), PowerOff)


def _found(facts: Facts) -> bool:
    return CLAIM.of(facts) is not None


_DEVICES = (
    Step("devices_seen", (DevicesSeen,), work="look_at_devices", auto=True),
    Step("devices", (Try, Mend, ProveAgain, TouchTest)),
    Step("devices_tried", (DevicesSeen,), work="try_devices", auto=True, when=_tries),
    Step("tried", (), when=_tries),
    Step(PROVED.name, (Proved,), work="prove", auto=True, when=_proves),
    Step("proof", (), when=_proves),
    *TOUCH_STEPS,
    Step("repair", (), when=_mends, patience=Patience.PHOTO),
)
_FIGURES = (
    Step("figures_seen", (Figures,), work="count_today", auto=True),
    Step(RECONCILED.name, (Reconciled,), work="reconcile", auto=True),
    Step("figures", ()),
)
_CUSTODY = (
    Step("custody_seen", (InCustody,), work="list_custody", auto=True),
    Step("custody", (TakeOut,)),
    Step("custody_sure", (Agreed,)),
    Step("custody_over", (), work="end_custody", auto=True),
)
_SUPPLIES = (
    Step("supplies_seen", (SuppliesSeen,), work="look_at_supplies", auto=True),
    Step("supplies", (Exchange,)),
    Step("paper_load", (Agreed,), when=_exchanges(Exchange.PAPER), patience=Patience.PHOTO),
    Step("paper_length", (Metres,), when=_exchanges(Exchange.PAPER)),
    Step("part_new", (Agreed,), when=_renews, patience=Patience.PHOTO),
    Step("bin_empty", (Agreed,), when=_exchanges(Exchange.BIN), patience=Patience.PHOTO),
    Step("bin_count", (str,), when=_exchanges(Exchange.BIN), patience=Patience.TYPING),
    Step("exchange_ended", (Exchanged,), work="end_exchange", auto=True),
    Step("exchanged", ()),
)
_REPRINT = (
    Step("voucher_no", (str,), patience=Patience.TYPING),
    Step(CLAIM.name, (Claim, NoSlip), work="find_slip", auto=True),
    Step("no_slip", (), when=lambda facts: not _found(facts)),
    Step("slip_again", (WantSlip,), when=_found),
    Step("slip_printed", (Printed,), work="print_again", auto=True, when=_found),
    Step("slip_out", (), when=_found),
)
_EXPORT = (
    Step("export_ready", (Agreed,), work="look_for_export", auto=True),
    Step("export_what", (Wanted,)),
    Step("second_id", (str,), check=_another, patience=Patience.TYPING),
    Step(
        "second_pin",
        (Attendant, NotAdmitted, Locked),
        work="second_pin",
        check=_admitted,
        patience=Patience.TYPING,
    ),
    Step("export", (Exported,), work="export_log", patience=Patience.PHOTO),
    Step("exported", ()),
)
_CLOSE = (
    Step("close_reason", (Closed,)),
    Step("closing", (), work="close_kiosk", auto=True),
)
_OPEN = (Step("opening", (), work="open_kiosk", auto=True),)
_RESTART = (
    Step("restart_sure", (Agreed, PowerOff)),
    Step("power_sure", (Agreed,), when=_powers_off),
    Step("powering_off", (Agreed,), work="power_off", auto=True, when=_powers_off),
    Step("restarting", (Agreed,), work="restart_kiosk", auto=True),
)
_NETWORK = (
    Step("network_seen", (NetworkSeen,), work="try_network", auto=True),
    Step("network", ()),
)

MODE_SERVICE = Service(
    MODE,
    (
        Step(TASK.name, (Task,)),
        *_of(Task.DEVICES, *_DEVICES),
        *_of(Task.FIGURES, *_FIGURES),
        *_of(Task.CUSTODY, *_CUSTODY),
        *_of(Task.SUPPLIES, *_SUPPLIES),
        *_of(Task.REPRINT, *_REPRINT),
        *_of(Task.EXPORT, *_EXPORT),
        *_of(Task.CLOSE, *_CLOSE),
        *_of(Task.OPEN, *_OPEN),
        *_of(Task.RESTART, *_RESTART),
        *_of(Task.NETWORK, *_NETWORK),
        *_of(Task.LEVELS, *LEVEL_STEPS),
    ),
    refused=(),
    retries=retries,
)

TASK_DONE = Change(drop=tuple(step.name for step in MODE_SERVICE.steps))
"""Back at the list of tasks, with nothing known but who attends."""
