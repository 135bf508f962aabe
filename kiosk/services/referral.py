"""After a refusal: say why, where instead and what to bring, and print it for the way."""

from kiosk.services.answers import Done, OnScreen, Printed, WantSlip
from kiosk.visit import Patience, Refusal, Step
from regulation.rules import Applicant, Channel, Rules, Service

REFERRAL_STEPS = (
    Step("refusal", (WantSlip,)),
    Step("refusal_slip", (Printed, OnScreen), work="print_referral", auto=True),
    Step("refusal_done", (Done,), patience=Patience.RESULT),
)
"""The steps every service ends with once something stands in its way."""

REASON = "reason"
"""The fact that a referral begins with."""

OWN, OWN_OR_AGENT, CLERK = "self", "self_or_agent", "unit_clerk"
"""Who a service is for, where it is not for whoever asks: the detail of `not_this_way`."""


def not_here(rules: Rules, service: Service, who: Applicant) -> Refusal | None:
    """Why the table does not give a service to whoever asks at the kiosk; None where it does.

    F49: it is theirs elsewhere; `not_this_way`: it is for other people everywhere.
    """
    cell = rules.cell(service, who, Channel.KIOSK)
    return None if cell.allowed else _reason(rules, service, who, cell.clause)


def not_done_yet(rules: Rules, service: Service, who: Applicant) -> Refusal:
    """Why this kiosk does not do what the table allows at a kiosk: its window does."""
    window = rules.cell(service, who, Channel.WINDOW)
    return not_here(rules, service, who) or _reason(rules, service, who, window.clause)


def _reason(rules: Rules, service: Service, who: Applicant, clause: str) -> Refusal:
    ways = rules.nearest(service, who)
    people = {cell.applicant for cell in ways}
    if who in people:
        return Refusal("F49", clause)
    if Applicant.SELF not in people:
        return Refusal("not_this_way", clause, CLERK)
    alone = people <= {Applicant.SELF, Applicant.UNIT_CLERK}
    return Refusal("not_this_way", clause, OWN if alone else OWN_OR_AGENT)
