"""What a kiosk goes by: its own settings and rules, and what a document from afar changes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kiosk.configuration.document import Document, Words
from kiosk.custody import bin_of
from kiosk.house import House
from kiosk.services.catalogue import catalogue
from kiosk.services.closed import By, Closed
from kiosk.services.loss_release import found_card_demanded
from kiosk.services.needs import Need, finishable
from kiosk.services.off import switched_off
from kiosk.settings import Settings
from regulation.rules import Rules

Translate = Callable[[str], str]
LANGUAGES = {"zh_CN": "zh", "en": "en"}
"""The languages of the screens, by their names in a document."""


@dataclass(frozen=True, slots=True)
class Tuning:
    """What a kiosk goes by, all of it made already; `closed`: the operator keeps it closed."""

    settings: Settings
    rules: Rules
    speech: Mapping[str, Translate]
    closed: Closed | None = None


def tuned(
    own: Settings,
    rules: Rules,
    speech: Mapping[str, Translate],
    document: Document | None = None,
    lost: frozenset[Need] = frozenset(),
) -> Tuning:
    """What the kiosk's own settings, rules and words are under a document; None changes nothing.

    `lost` does not work now: what cannot be finished without it is off.
    """
    settings = document.settings if document else own
    rules = document.rules if document and document.rules else rules
    if settings.release_needs_card:
        rules = found_card_demanded(rules)
    rules = finishable(switched_off(rules, settings.off), lost)
    if document is None:
        return Tuning(settings, rules, speech)
    closed = None
    if document.mode == "out_of_service":
        closed = Closed(document.message["zh"], document.message.get("en", ""))
    return Tuning(settings, rules, reworded(speech, document.texts), closed)


def retune(house: House, tuning: Tuning) -> None:
    """Everybody in the house who goes by the settings or the rules goes by these from now on.

    Main thread, while nobody is served. What a kiosk takes from afar is no device's and no way to
    the centre: nothing is opened or closed.
    """
    settings, rules = tuning.settings, tuning.rules
    house.settings, house.rules, house.services = settings, rules, catalogue(rules)
    slips = house.press.slips
    slips.rules, slips.site, slips.hotlines = rules, settings.site, settings.hotlines
    house.handing.rules = house.look.rules = house.batch.rules = rules
    house.batch.banks = frozenset(settings.banks)
    house.devices.tune(settings)
    if house.pins is not None:
        house.pins.writing.cases.rules = rules
        house.pins.writing.slot.profile = house.devices.card_profile
    policy = settings.social_card_card_left
    house.custody.capture = bin_of(house.devices.social_card, house.cards, policy)
    if tuning.closed is None:
        house.closing.open(By.OPERATOR)
    else:
        house.closing.close(By.OPERATOR, tuning.closed)


def reworded(
    speech: Mapping[str, Translate], texts: Mapping[str, Words]
) -> Mapping[str, Translate]:
    """How each language speaks with these texts; a sentence without other words is as it was."""

    def speaker(language: str, speak: Translate) -> Translate:
        known = LANGUAGES[language]
        own = {text: words[known] for text, words in texts.items() if known in words}
        return lambda text: own[text] if text in own else speak(text)

    return {language: speaker(language, speak) for language, speak in speech.items()}
