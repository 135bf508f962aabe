"""What the centre asks of its HSM: the functions of a card's keys, and the key for PINs.

Keys never leave it, nor does a PIN. The functions are those of LD/T 33's `_HSM_` steps
(`docs/central.md`, "Card keys"); a PKCS#11 module can answer them as well as `software.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from central.problems import ProblemError


@dataclass(frozen=True, slots=True)
class Card:
    """A card: 卡识别码 `id` (16 bytes) and 算法标识 `algorithm` ("03" is SM4, "01" 3DES)."""

    id: bytes = field(repr=False)
    algorithm: str


@dataclass(frozen=True, slots=True)
class Challenge:
    """过程因子 `factor` and 原始信息 `source`, 8 bytes each."""

    factor: bytes = field(repr=False)
    source: bytes = field(repr=False)


class Opens(StrEnum):
    """What an external authentication opens.

    The holder's data for reading (RKSSSE), a PIN reset (RPK), both files for writing (UKSSSE).
    """

    HOLDER = "holder"
    PIN_RESET = "pin_reset"
    PERSONALISE = "personalise"


@dataclass(frozen=True, slots=True)
class TerminalKey:
    """The work key of an encrypting PIN pad, by its name in the HSM."""

    name: str


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A key for one PIN block: SM4, RSA-OAEP-SHA256 to the HSM's PIN key `key_id`."""

    key_id: str
    wrapped: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class PinBlock:
    """An enciphered PIN (`pin_block.py`), the account it is bound to, and the key it is under."""

    block: bytes = field(repr=False)
    account: str = field(repr=False)
    key: TerminalKey | WrappedKey


@dataclass(frozen=True, slots=True)
class PinKey:
    """The public key PIN pads wrap their keys to, as PEM (SubjectPublicKeyInfo), and its name."""

    key_id: str
    public_key: str


@dataclass(frozen=True, slots=True)
class Guesses:
    """What a holder's PIN may be guessed from; what is not known is empty.

    `numbers` as `regulation.pins.weakness` takes them.
    """

    birth: date | None = field(default=None, repr=False)
    numbers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    phone: str = field(default="", repr=False)


class HsmRefused(ProblemError):  # noqa: N818 - an answer
    """The HSM, or who judges by its answer, said no: `kind` says why, in words for the caller."""


class Hsm(Protocol):
    """The HSM. Any thread may call. Each function may raise `HsmRefused`.

    `CARD_ALGORITHM_NOT_TAKEN` where there are no keys for the card's algorithm.
    """

    def internal(self, card: Card, challenge: Challenge) -> bytes:
        """Give what a genuine card answers to INTERNAL AUTHENTICATE (内认结果, 8 bytes)."""
        ...

    def external(self, opens: Opens, card: Card, challenge: Challenge) -> bytes:
        """Give what EXTERNAL AUTHENTICATE proves itself with: A, 8 bytes."""
        ...

    def unblock(self, card: Card, challenge: bytes) -> bytes:
        """Give the whole UNBLOCK command for the card's last challenge (8 bytes)."""
        ...

    def reload(
        self,
        card: Card,
        header: bytes,
        challenge: bytes,
        pin: PinBlock,
        guesses: Guesses | None = None,
    ) -> bytes:
        """Give the whole RELOAD command; `header` is its CLA INS P1 P2.

        Raises `PIN_KEY_UNKNOWN`, `PIN_BLOCK_NOT_TAKEN` for a block of another card too, and, where
        `guesses` are told, `PIN_WEAK` with the rule's name.
        """
        ...

    def initial_pin(self, card: Card, header: bytes, challenge: bytes) -> bytes:
        """Give the whole RELOAD command with the initial PIN, which is a setting of the HSM.

        `header` and `challenge` as for `reload`; the PIN is clear nowhere outside.
        """
        ...

    def pin_key(self) -> PinKey:
        """Give the public key for PIN blocks."""
        ...

    def close(self) -> None:
        """Give back what it holds: it is asked nothing any more."""
        ...
