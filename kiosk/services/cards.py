"""Which card a service is about, and why: facts that a request to the centre names."""

from kiosk.services.answers import CardSeen, Why
from kiosk.visit import Fact

WHY = Fact("why", Why)
"""Why the card is replaced."""

CARD = Fact("card_choice", CardSeen)
"""Which of several cards."""
