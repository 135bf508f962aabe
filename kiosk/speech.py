"""How the kiosk speaks: its two languages, and a refusal in plain Chinese for slips."""

import gettext
from collections.abc import Callable
from pathlib import Path

from kiosk.visit import Refusal
from screens.failure_words import FAILURES, told

LOCALE = Path(__file__).parent.parent / "assets" / "locale"

Translate = Callable[[str], str]


def translators() -> dict[str, Translate]:
    """How each language speaks; Chinese is the source. A missing catalogue raises OSError."""
    english = gettext.translation("messages", str(LOCALE), ["en"])
    return {"zh_CN": lambda text: text, "en": english.gettext}


def sentence(why: Refusal) -> str:
    """A refusal in plain Chinese, for slips."""
    words = FAILURES[why.code]
    return f"{words.text}。{words.elsewhere}".format(detail=told(why.detail), n=0)
