"""What whoever is refused may do here instead, without showing anything twice."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kiosk.services import people
from kiosk.services.catalogue import HERE, begin
from kiosk.visit import Begin, Refusal, Visit, refusal
from kiosk.visit import Service as Steps
from regulation.reasons import Reason
from regulation.rules import Rules, Service


@dataclass(frozen=True, slots=True)
class Onward:
    """Another service, what is known for it already, and facts of this one that it needs."""

    service: Service
    known: Mapping[str, object] = field(default_factory=dict[str, object])
    keeps: tuple[str, ...] = ()


_PIN = (Service.PIN_CHANGE, Service.PIN_RESET)
_reset = Onward(Service.PIN_RESET, keeps=("card",))
_changed = Onward(Service.PIN_CHANGE, keeps=("card",))
_whatever = Onward(Service.PIN_RESET)  # which card is in, or whether one is, is asked anew

ONWARD: Mapping[tuple[Service, str], Onward] = {
    (Service.NEW_INDIVIDUAL, "F12"): Onward(Service.REPLACE_INDIVIDUAL),
    (Service.LOSS_REPORT, "F16"): Onward(Service.REPLACE_INDIVIDUAL, {"why": Reason.LOST}),
    (Service.LOSS_REPORT, "F19"): Onward(Service.NEW_INDIVIDUAL),
    (Service.LOSS_CANCEL, "F19"): Onward(Service.NEW_INDIVIDUAL),
    (Service.REPLACE_INDIVIDUAL, "F19"): Onward(Service.NEW_INDIVIDUAL),
    (Service.REPLACE_INDIVIDUAL, "no_card"): Onward(Service.NEW_INDIVIDUAL),
    (Service.REPLACE_INDIVIDUAL, "report_loss_first"): Onward(
        Service.LOSS_REPORT, keeps=("why", "notice")
    ),
    (Service.LOSS_REPORT, "no_card"): Onward(Service.NEW_INDIVIDUAL),
    (Service.PIN_CHANGE, "not_this_way"): Onward(Service.PIN_RESET),
    **{(Service.PIN_CHANGE, code): _reset for code in ("F22", "pin_last_try", "pin_forgotten")},
    **{(Service.PIN_CHANGE, code): _changed for code in ("F23", "pin_kept", "pin_lost")},
    **{(Service.PIN_RESET, code): _reset for code in ("F23", "pin_kept", "pin_lost")},
    **{(name, code): _whatever for name in _PIN for code in ("F25", "F26")},
    **{(name, "F16"): Onward(Service.REPLACE_INDIVIDUAL, {"why": Reason.LOST}) for name in _PIN},
    **{(name, "F27"): Onward(Service.REPLACE_INDIVIDUAL, {"why": Reason.DAMAGED}) for name in _PIN},
    **{(name, "card_needed"): Onward(Service.LOSS_REPORT) for name in _PIN},
    (Service.NEW_INDIVIDUAL, "not_this_way"): Onward(Service.NEW_BATCH),
    (Service.NEW_BATCH, "not_this_way"): Onward(Service.NEW_INDIVIDUAL),
    (Service.REPLACE_BATCH, "not_this_way"): Onward(Service.REPLACE_INDIVIDUAL),
    (Service.UNLOCK, "F49"): Onward(Service.PIN_RESET),
}
"""The next service after a refusal, by the service that was refused and the failure's code."""


def onward(services: Mapping[str, Steps], rules: Rules, visit: Visit) -> Begin | None:
    """What the refused may begin at once; None where nothing here is for them.

    They are not sent on to be refused again: another paper that the next service does not take is
    a reason not to offer it.
    """
    why = refusal(visit.facts)
    asked = visit.service.name in tuple(Service)
    row = ONWARD.get((Service(visit.service.name), why.code)) if why and asked else None
    if row is None or row.service not in HERE or not people.serves(rules, row.service, visit.facts):
        return None
    kept = {name: visit.facts[name] for name in row.keeps if name in visit.facts}
    facts = {name: fact for name, fact in kept.items() if not isinstance(fact, Refusal)}
    known = people.carried(visit.facts, **row.known, **facts)
    return begin(services, rules, row.service, people.today_of(visit.facts), known)
