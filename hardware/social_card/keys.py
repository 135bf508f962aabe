"""What a device asks of the centre's HSM about a card; issuer keys are never in the device.

The three steps of LD/T 33 (`iReadCardBas_HSM_Step1..3`, `iReloadPIN_HSM_Step1..3`,
`iUnblockPIN_HSM_Step1..3`): the card gives its challenges, the HSM answers, the card is told.
Source: docs/devices/social_card.md.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Algorithm(StrEnum):
    """算法标识: the cipher of a card's keys, as the last byte of 9F0C in its FCI (hex).

    DES has no code of its own: it is what a card without 9F0C has.
    """

    DES = "00"
    TDES = "01"
    SSF33 = "02"
    SM4 = "03"


@dataclass(frozen=True)
class Challenge:
    """过程因子 `factor` and 原始信息 `source`, 8 bytes each: two random numbers of the card."""

    factor: bytes = field(repr=False)
    source: bytes = field(repr=False)


@dataclass(frozen=True)
class Internal:
    """What a card answered to INTERNAL AUTHENTICATE: 内认结果 `answer`, 8 bytes."""

    factor: bytes = field(repr=False)
    source: bytes = field(repr=False)
    answer: bytes = field(repr=False)


class KeysRefused(Exception):  # noqa: N818 - an answer, not an error
    """The centre answered, and said no. `reason` is a word in snake case, e.g. `not_genuine`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class KeysUnreachable(Exception):  # noqa: N818 - what happened
    """The centre or its HSM did not answer in time; the card was told nothing."""


class HolderKeys(Protocol):
    """The centre's HSM, as far as it opens the holder's data; may raise what `CardKeys` may."""

    def holder(
        self, card_id: bytes, algorithm: str, internal: Internal, external: Challenge
    ) -> bytes:
        """Give 外认数据 A ‖ F (16 bytes) for `0082000A10`, if `internal` shows a genuine card.

        Raises `KeysRefused("not_genuine")` if not. iReadCardBas_HSM_Step2.
        """
        ...


class CardKeys(HolderKeys, Protocol):
    """The centre's HSM. Every method may raise `KeysRefused` or `KeysUnreachable`.

    `card_id` is the 卡识别码 (16 bytes), `algorithm` an `Algorithm`; challenges have 8 bytes.
    """

    def reset(self, card_id: bytes, algorithm: str, challenge: Challenge) -> bytes:
        """Give A ‖ F (16 bytes) for `0082000610`. iReloadPIN_HSM_Step2, function 0090."""
        ...

    def reload(
        self, card_id: bytes, algorithm: str, challenge: bytes, header: bytes, pin: object
    ) -> bytes:
        """Give the whole RELOAD APDU: 25 bytes (SM4) or 17 (3DES).

        `header` is its CLA INS P1 P2 Lc, `pin` the PIN pad's opaque block for the new PIN.
        iReloadPIN_HSM_Step3, function 0173.
        """
        ...

    def unblock(self, card_id: bytes, algorithm: str, challenge: bytes) -> bytes:
        """Give the whole UNBLOCK APDU, 9 bytes. iUnblockPIN_HSM_Step2."""
        ...


class PersonalisationKeys(HolderKeys, Protocol):
    """The centre's HSM for a blank card; its methods may raise what those of `CardKeys` may."""

    def personalise(
        self, card_id: bytes, algorithm: str, internal: Internal, external: Challenge
    ) -> bytes:
        """Give A ‖ F (16 bytes) for `0082000410`, if `internal` shows a genuine card.

        Raises `KeysRefused("not_genuine")` if not.
        """
        ...

    def reset(self, card_id: bytes, algorithm: str, challenge: Challenge) -> bytes:
        """Give A ‖ F (16 bytes) for `0082000610`, as `CardKeys.reset`."""
        ...

    def initial_pin(self, card_id: bytes, algorithm: str, challenge: bytes, header: bytes) -> bytes:
        """Give the whole RELOAD APDU with the initial PIN, which the HSM alone knows.

        `header` is its CLA INS P1 P2 Lc.
        """
        ...
