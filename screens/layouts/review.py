"""Everything once more, with a button to change it."""

from screens.layouts.notice import NoticeBody
from screens.widgets import rules


class ReviewBody(NoticeBody):
    """The table of what will be submitted, and what happens then."""


rules.load(__file__)
