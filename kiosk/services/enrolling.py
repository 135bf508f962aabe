"""Enrolment at the screen: the one-time code is typed, and the centre gives the certificate.

Whoever installs the kiosk may have no id here: the code alone admits to this, and to nothing else.
"""

from kiosk.services.attendant import ENROLMENT
from kiosk.services.closed import Closed
from kiosk.services.failures import retries
from kiosk.visit import Fact, Patience, Service, Step

CODE = Fact("code", str)
CODE_LENGTH = 12
"""So long is a code of the centre's, without its dashes."""

NOT_ENROLLED = Closed(
    "本机还没有在社保卡系统登记，登记好才能办业务",
    "This machine is not yet registered with the card system; it serves once it is",
)
"""Why a kiosk without its certificate serves nobody."""

ENROLMENT_SERVICE = Service(
    ENROLMENT,
    (
        Step(CODE.name, (str,), patience=Patience.TYPING),
        Step("enrolled", (), work="enrol", auto=True),
    ),
    refused=(),
    retries=retries,
)
"""The work, once it has the certificate, begins the program anew: there is no way on."""
