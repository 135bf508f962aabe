"""The card's keys, which only the centre has: `CardKeys` of the social card over the link."""

import uuid
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any

from hardware.pin_pad.pin_block import CentreKey, PinBlock
from hardware.social_card.keys import Challenge, Internal, KeysRefused, KeysUnreachable
from kiosk.link import PROBLEM, Centre, Rejected, Unknown, Unreachable

WEAK = "pin_weak"
"""The reason for a PIN that is easily guessed; its rule follows: pin_weak_initial."""
NOT_GENUINE = "not_genuine"
_REASONS = {"card_not_genuine": NOT_GENUINE}
"""Problems that the card calls otherwise; any other keeps its name."""


class CentralKeys:
    """The centre's HSM for the kiosk of this id. Blocking: for one thread only, as its link.

    `reset_id`: of the PIN reset that was prepared, for `reset` and `reload`. Raises
    `KeysRefused(reason)`, a problem's name in snake case (with the rule of a weak PIN behind it),
    and `KeysUnreachable`; an answer that cannot be read is as none.
    """

    def __init__(self, centre: Centre, kiosk_id: str, reset_id: str = "") -> None:
        self._centre = centre
        self._kiosk_id = kiosk_id
        self._of_reset = {"reset_id": reset_id} if reset_id else {}

    def of_reset(self, reset_id: str) -> "CentralKeys":
        """The same for the steps of one PIN reset."""
        return CentralKeys(self._centre, self._kiosk_id, reset_id)

    def pin_key(self) -> CentreKey:
        """Give the key PINs are sealed with."""
        with _in_words_of_the_card():
            answer = self._centre.pin_key()
        match answer:
            case {"key_id": str(key_id), "public_key": str(pem)}:
                return CentreKey(pem.encode(), key_id)
            case _:
                raise KeysUnreachable("not a PIN key")

    def holder(
        self, card_id: bytes, algorithm: str, internal: Internal, external: Challenge
    ) -> bytes:
        """Give A ‖ F for the holder's data; `not_genuine` if `internal` shows no genuine card."""
        answer = {"answer": _hex(internal.answer)}
        return self._external(
            "holder",
            card_id,
            algorithm,
            internal=_sent(internal) | answer,
            external=_sent(external),
        )

    def reset(self, card_id: bytes, algorithm: str, challenge: Challenge) -> bytes:
        """Give A ‖ F that lets a RELOAD follow."""
        return self._external(
            "pin-reset/authentication",
            card_id,
            algorithm,
            external=_sent(challenge),
            **self._of_reset,
        )

    def reload(
        self, card_id: bytes, algorithm: str, challenge: bytes, header: bytes, pin: object
    ) -> bytes:
        """Give the RELOAD command with this header (CLA INS P1 P2 Lc); `pin` is a `PinBlock`."""
        if not isinstance(pin, PinBlock):
            raise TypeError("a PIN goes to the centre as a PinBlock")
        more = {"header": _hex(header[:4]), "pin": _block(pin), "challenge": _hex(challenge)}
        return self._command("pin-reset/reload", card_id, algorithm, more | self._of_reset)

    def unblock(self, card_id: bytes, algorithm: str, challenge: bytes) -> bytes:
        """Give the UNBLOCK command."""
        more = {"challenge": _hex(challenge)}
        return self._command("unblock", card_id, algorithm, more)

    def _external(self, step: str, card_id: bytes, algorithm: str, **more: Any) -> bytes:
        body = self._body(card_id, algorithm, more)
        with _in_words_of_the_card():
            answer = self._centre.card_keys(step, body)
        return _read(answer, "external")

    def _command(self, step: str, card_id: bytes, algorithm: str, more: Mapping[str, Any]) -> bytes:
        """Ask twice if need be: the same key gives the answer that was lost on its way."""
        body, key = self._body(card_id, algorithm, more), str(uuid.uuid4())
        with _in_words_of_the_card():
            try:
                answer = self._centre.card_keys(step, body, key)
            except Unknown:
                answer = self._centre.card_keys(step, body, key)
        return _read(answer, "apdu")

    def _body(self, card_id: bytes, algorithm: str, more: Mapping[str, Any]) -> dict[str, Any]:
        whose = {"kiosk_id": self._kiosk_id, "card_id": _hex(card_id), "algorithm": algorithm}
        return whose | dict(more)


@contextmanager
def _in_words_of_the_card() -> Generator[None]:
    try:
        yield
    except Rejected as no:
        reason = no.type.removeprefix(PROBLEM).replace("-", "_")
        rule = str(no.body.get("rule") or "")
        if reason == WEAK and rule:
            reason = f"{WEAK}_{rule}"
        raise KeysRefused(_REASONS.get(reason, reason)) from None
    except (Unknown, Unreachable) as lost:
        raise KeysUnreachable(type(lost).__name__) from None


def _read(answer: Mapping[str, Any], name: str) -> bytes:
    """The bytes of an answer; what is in them the card judges."""
    try:
        return bytes.fromhex(answer[name])
    except (KeyError, TypeError, ValueError):
        raise KeysUnreachable(f"no {name} in the answer") from None


def _sent(challenge: Challenge | Internal) -> dict[str, str]:
    return {"factor": _hex(challenge.factor), "source": _hex(challenge.source)}


def _block(pin: PinBlock) -> dict[str, str]:
    block = {"block": _hex(pin.block), "account": pin.account}
    if pin.terminal_key:
        return block | {"terminal_key": pin.terminal_key}
    return block | {"key_id": pin.key_id, "wrapped_key": _hex(pin.wrapped_key)}


def _hex(data: bytes) -> str:
    return data.hex().upper()
