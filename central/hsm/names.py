"""The names of keys: a master key's with its cipher, `RPK-SM4`; a pad's work key, `epp-0017-01`.

One name wherever the key is: in the software HSM, as the label of a token's object, in the audit.
"""

import re
from enum import StrEnum

from central.hsm.port import Card, Opens


class Master(StrEnum):
    """An issuer's master keys, by their names in the card profile."""

    IRK = "IRK"
    RKSSSE = "RKSSSE"
    PUK = "PUK"
    RPK = "RPK"
    UKSSSE = "UKSSSE"


PROVES = {
    Opens.HOLDER: Master.RKSSSE,
    Opens.PIN_RESET: Master.RPK,
    Opens.PERSONALISE: Master.UKSSSE,
}
"""By which key an external authentication opens what it opens."""

TDES, SM4 = "01", "03"
CIPHERS = {TDES: "3DES", SM4: "SM4"}
"""Of a 算法标识."""

_TERMINAL = re.compile(r"epp-[0-9A-Z]{4}-[0-9]{2}")


def of_card(master: Master, card: Card) -> str:
    """The name of the master key a card's own key comes from."""
    return named(master, card.algorithm)


def named(master: Master, algorithm: str) -> str:
    """The same by the card's 算法标识; for one without a cipher a name no key has."""
    return f"{master}-{CIPHERS.get(algorithm, algorithm)}"


def algorithm_of(name: str) -> str | None:
    """The 算法标识 of the cipher a key is for; None for what is no name of a key."""
    if _TERMINAL.fullmatch(name):
        return SM4
    return next((each for each in CIPHERS if name in MASTERS[each]), None)


MASTERS = {each: tuple(named(master, each) for master in Master) for each in CIPHERS}
"""All names of master keys, by 算法标识."""
