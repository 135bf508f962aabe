"""Put a stick in: a picture of the port."""

from screens.layouts.card import CardBody
from screens.widgets import rules


class StickBody(CardBody):
    """The port, the way a stick goes in, and a notice."""


rules.load(__file__)
