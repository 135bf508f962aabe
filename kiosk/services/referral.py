"""After a refusal: say why, where instead and what to bring, and print it for the way."""

from kiosk.services.answers import Done, OnScreen, Printed, WantSlip
from kiosk.services.failures import retries
from kiosk.visit import Patience, Refusal, Service, Step

REFERRAL_STEPS = (
    Step("refusal", (WantSlip,)),
    Step("refusal_slip", (Printed, OnScreen), work="print_referral", auto=True),
    Step("refusal_done", (Done,), patience=Patience.RESULT),
)
"""The steps every service ends with once something stands in its way."""

REASON = "reason"
"""The fact that a referral begins with."""


def elsewhere(service: str) -> Service:
    """A service that is not done at this kiosk: begins with a refusal (F49) as its only fact.

    `service` is an id of the rules table; the name of the visit's service is the same.
    """
    return Service(
        service, (Step(REASON, (Refusal,)),), REFERRAL_STEPS, retries, reads_papers=False
    )
