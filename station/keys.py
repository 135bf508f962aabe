"""The card's keys, which only the centre has: `PersonalisationKeys` over the link."""

import uuid
from collections.abc import Mapping
from typing import Any

from hardware.social_card.keys import Challenge, Internal, KeysRefused, KeysUnreachable
from station.link import Centre, Rejected, Unknown, Unreachable

OVER = "card_write_over"
"""The reason of a card write that the centre has ended."""


class CentralKeys:
    """The centre's HSM for one card write. Blocking: for one thread only, as its link.

    Raises `KeysRefused(reason)`, a problem's name in snake case, and `KeysUnreachable`; an answer
    that cannot be read is as none.
    """

    def __init__(self, centre: Centre, write_id: str) -> None:
        self._centre = centre
        self._write_id = write_id

    def personalise(
        self, card_id: bytes, algorithm: str, internal: Internal, external: Challenge
    ) -> bytes:
        """Give A ‖ F that lets the records be written."""
        return self._proved("authentication", card_id, algorithm, internal, external)

    def holder(
        self, card_id: bytes, algorithm: str, internal: Internal, external: Challenge
    ) -> bytes:
        """Give A ‖ F that lets EF06 be read."""
        return self._proved("holder", card_id, algorithm, internal, external)

    def reset(self, card_id: bytes, algorithm: str, challenge: Challenge) -> bytes:
        """Give A ‖ F that lets a RELOAD follow."""
        body = _card(card_id, algorithm) | {"external": _sent(challenge)}
        return self._ask("pin-authentication", body, "external")

    def initial_pin(self, card_id: bytes, algorithm: str, challenge: bytes, header: bytes) -> bytes:
        """Give RELOAD with the initial PIN; the centre is sent CLA INS P1 P2 of its header."""
        more = {"header": _hex(header[:4]), "challenge": _hex(challenge)}
        body = _card(card_id, algorithm) | more
        return self._ask("initial-pin", body, "apdu", str(uuid.uuid4()))

    def _proved(
        self, step: str, card_id: bytes, algorithm: str, internal: Internal, external: Challenge
    ) -> bytes:
        inner = _sent(internal) | {"answer": _hex(internal.answer)}
        more = {"internal": inner, "external": _sent(external)}
        return self._ask(step, _card(card_id, algorithm) | more, "external")

    def _ask(self, step: str, body: Mapping[str, Any], wanted: str, key: str = "") -> bytes:
        """Give the bytes of an answer; what is in them the card judges."""
        try:
            answer = self._centre.step(self._write_id, step, body, key)
            return bytes.fromhex(answer[wanted])
        except Rejected as no:
            raise KeysRefused(no.problem.replace("-", "_")) from None
        except (Unknown, Unreachable) as lost:
            raise KeysUnreachable(type(lost).__name__) from None
        except (KeyError, TypeError, ValueError):
            raise KeysUnreachable(f"no {wanted} in the answer") from None


def _card(card_id: bytes, algorithm: str) -> dict[str, Any]:
    return {"card_id": _hex(card_id), "algorithm": str(algorithm)}


def _sent(challenge: Challenge | Internal) -> dict[str, str]:
    return {"factor": _hex(challenge.factor), "source": _hex(challenge.source)}


def _hex(data: bytes) -> str:
    return data.hex().upper()
