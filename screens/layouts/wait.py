"""Work is being done: what is being waited for."""

from screens.layouts.page import Body
from screens.widgets import rules


class WaitBody(Body):
    """A clock, nothing that moves: the title says what is being waited for."""


rules.load(__file__)
