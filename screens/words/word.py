"""How a sentence is marked for translation, and what a step says: a row."""

from typing import NamedTuple


def N_(text: str) -> str:  # noqa: N802 - the name gettext knows
    """Mark a sentence for translation."""
    return text


class Words(NamedTuple):
    """A step's page and its words; `stage` is its place in the steps bar, "" for none.

    `screen` names the kind of page in `screens.layouts.PAGES`.
    """

    screen: str
    stage: str
    title: str
    lead: str = ""
    notice: str = ""
    primary: str = ""
    secondary: str = ""
