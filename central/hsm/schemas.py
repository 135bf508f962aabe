"""What a kiosk sends of a card, and what it may tell the card, in hexadecimal."""

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from central.hsm import port
from central.schemas import UUID, Strict


def _hexadecimal(size: int) -> StringConstraints:
    """So many bytes; either case is taken, and understood as upper case."""
    return StringConstraints(pattern=f"^[0-9A-Fa-f]{{{2 * size}}}$", to_upper=True)


Hex8 = Annotated[str, _hexadecimal(8)]
Hex16 = Annotated[str, _hexadecimal(16)]
Account = Annotated[str, StringConstraints(pattern="^[0-9]{12}$")]


class CardRequest(Strict):
    """For which card. The ATR (AAZ507) is not asked for: no key depends on it."""

    kiosk_id: Annotated[str, StringConstraints(pattern="^[0-9A-Z]{4}$")] = Field(
        description="终端机编号"
    )
    card_id: Hex16 = Field(
        description="AAZ501 卡识别码, record 1 of EF05; its first 6 digits are AAB301 行政区划"
    )
    algorithm: Annotated[str, StringConstraints(pattern="^0[0-3]$")] = Field(
        description="算法标识, the last byte of 9F0C in the FCI: 01 3DES, 03 SM4; "
        "00 DES and 02 SSF33 are refused"
    )

    def card(self) -> port.Card:
        """The card, for the HSM."""
        return port.Card(bytes.fromhex(self.card_id), self.algorithm)


class Challenge(Strict):
    """Two random numbers of the card."""

    factor: Hex8 = Field(description="过程因子")
    source: Hex8 = Field(description="原始信息")

    def challenge(self) -> port.Challenge:
        """The same, for the HSM."""
        return port.Challenge(bytes.fromhex(self.factor), bytes.fromhex(self.source))


class InternalAnswer(Challenge):
    """内认: what the card answered to INTERNAL AUTHENTICATE over these two."""

    answer: Hex8 = Field(description="内认结果")


class HolderRequest(CardRequest):
    """Output of `iReadCardBas_HSM_Step1`, and the card's own answer."""

    internal: InternalAnswer
    external: Challenge = Field(description="外认: challenges fresher than those of 内认")


class _OfReset(CardRequest):
    reset_id: Annotated[str, StringConstraints(pattern=UUID)] | None = Field(
        default=None,
        description="of the PIN reset that was prepared (`/v1/pin-resets`); needed in production",
    )


class PinResetRequest(_OfReset):
    """Output of `iReloadPIN_HSM_Step1`."""

    external: Challenge


class _PinBlock(Strict):
    block: Hex16 = Field(description="the new PIN in ISO 9564-1 format 4, with SM4")
    account: Account = Field(
        description="the first 8 bytes of SHA-256(AAZ501), big-endian, modulo 10^12"
    )


class TerminalPin(_PinBlock):
    """A PIN of an encrypting PIN pad."""

    terminal_key: Annotated[str, StringConstraints(pattern="^epp-[0-9A-Z]{4}-[0-9]{2}$")] = Field(
        description="the name of its work key: the kiosk's, then a number"
    )

    def pin(self) -> port.PinBlock:
        """The block, for the HSM."""
        key = port.TerminalKey(self.terminal_key)
        return port.PinBlock(bytes.fromhex(self.block), self.account, key)


class WrappedPin(_PinBlock):
    """A PIN of the screen's keypad, under a key of its own."""

    key_id: Annotated[str, _hexadecimal(8)] = Field(description="of the PIN key it is wrapped to")
    wrapped_key: Annotated[str, _hexadecimal(384)] = Field(
        description="the SM4 key by RSA-OAEP, SHA-256 in both places, no label"
    )

    def pin(self) -> port.PinBlock:
        """The block, for the HSM."""
        key = port.WrappedKey(self.key_id, bytes.fromhex(self.wrapped_key))
        return port.PinBlock(bytes.fromhex(self.block), self.account, key)


class ReloadRequest(_OfReset):
    """Input of `iReloadPIN_HSM_Step3`, but the new PIN is never clear."""

    header: Annotated[str, StringConstraints(pattern="^84(24|[Dd]4)0001$", to_upper=True)] = Field(
        description="CLA INS P1 P2 of RELOAD, by the profile of the card"
    )
    challenge: Hex8
    pin: TerminalPin | WrappedPin


class UnblockRequest(CardRequest):
    """Output of `iUnblockPIN_HSM_Step1`."""

    challenge: Hex8


class External(BaseModel):
    """外认数据."""

    external: str = Field(
        pattern="^[0-9A-F]{32}$", description="A ‖ F: the data of EXTERNAL AUTHENTICATE (0082)"
    )


class Command(BaseModel):
    """A command for the card, whole."""

    apdu: str = Field(
        pattern="^([0-9A-F]{2})+$",
        description="UNBLOCK has 9 bytes; RELOAD 25 (SM4) or 17 (3DES)",
    )


class PinKey(BaseModel):
    """The public key PIN blocks are made for."""

    key_id: str = Field(pattern="^[0-9A-F]{16}$")
    public_key: str = Field(description="RSA, 3072 bits: PEM, SubjectPublicKeyInfo")
