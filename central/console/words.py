"""The console's languages: Chinese is the source, the catalogue of another one gives its words."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from regulation.rules import Rules

ZH = "zh_CN"
EN = "en"
LANGUAGES = {ZH: "中文", EN: "English"}
"""Every language, by the name it gives itself."""

LOCALE = Path(__file__).parent / "locale"


def N_(text: str) -> str:  # noqa: N802 - the name gettext's tools look for
    """The same text, marked for the catalogues; it is translated where it is shown."""
    return text


@cache
def catalogue(language: str) -> dict[str, str]:
    """The translations of a language; a sentence without one is missing."""
    file = LOCALE / language / "LC_MESSAGES" / "console.po"
    if not file.exists():
        return {}
    with file.open("rb") as source:
        return {
            message.id: message.string
            for message in read_po(source, locale=language)
            if isinstance(message.id, str) and isinstance(message.string, str) and message.string
        }


def translator(language: str) -> Callable[[str], str]:
    """Gives a Chinese text in the language; as it is where nobody translated it."""
    known = catalogue(language)

    def translate(text: str) -> str:
        return known.get(text, text)

    return translate


def service_names(rules: Rules) -> dict[str, str]:
    """What the services are called, by their ids."""
    return {service.value: words.zh for service, words in rules.words.items()}
