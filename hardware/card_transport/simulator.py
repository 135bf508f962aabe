"""A motorised reader without hardware: the same bytes, at the same pace, from a pty."""

from pathlib import Path

from hardware.card_transport.commands import COMMANDS
from hardware.card_transport.frames import (
    Control,
    Deframer,
    Frame,
    Reply,
    build,
    build_reply,
)
from hardware.card_transport.mechanism import Card, CardChip, Mechanism
from hardware.wire.serial_device import Order, SerialDevice

__all__ = ["Card", "CardChip", "CardTransportSimulator", "Mechanism"]

_KNOWN = {command.code: command for command in COMMANDS}
_HEAD = 3  # C CM PM
_ACK, _RESEND, _CLEAR, _DAMAGED = "ack", "resend", "eot", "damaged"


class CardTransportSimulator(SerialDevice):
    """A reader that is plugged in at `link`, a symbolic link to its pty.

    `mechanism` is what a person sees of it: hands, stacker, bin. `refusal` is the head of a no, N
    or E. Cards stay where they are when it is unplugged, which takes its power too.

    In the language of faults its commands have the names of `commands.COMMANDS`; the ACK of a
    command is `ack` (a command whose ACK is silent was not heard, one whose ACK is `did_it` was),
    the repetition of a reply `resend`, the answer to EOT `eot`, to a damaged frame `damaged`.
    """

    def __init__(
        self,
        link: Path | str,
        baudrate: int = 9600,
        mechanism: Mechanism | None = None,
        refusal: str = "N",
    ) -> None:
        self.mechanism = mechanism or Mechanism()
        super().__init__(link, baudrate, _Firmware(self.mechanism, refusal.encode("ascii")))
        self.mechanism.wait = self.wire.wait


class _Firmware:
    """Hears frames and control bytes, acknowledges, obeys, and says it again when asked."""

    def __init__(self, mechanism: Mechanism, refusal: bytes) -> None:
        self._mechanism = mechanism
        self._refusal = refusal
        self._deframer = Deframer()
        self._said = b""  # the reply the host has not acknowledged
        self._heard: Order | None = None  # the command whose ACK is on its way

    def power_on(self) -> None:
        """Forget half a frame, what was said, and what is lost without power."""
        self._deframer = Deframer()
        self._said, self._heard = b"", None
        self._mechanism.power_on()

    def hear(self, data: bytes) -> list[Order]:
        """Give the orders in these bytes: of each command its ACK, then the command itself."""
        items = self._deframer.feed(data)
        orders = [order for item in items for order in self._orders(item)]
        if self._deframer.damaged:
            self._deframer = Deframer()
            orders.append(Order(_DAMAGED, b""))
        return orders

    def obey(self, order: Order) -> bytes:
        """Give the answer to an order."""
        if order.name == _ACK:
            self._heard = order
            return bytes([Control.ACK])
        if order.name == _DAMAGED:
            return bytes([Control.NAK])
        if order.name == _CLEAR:
            self._said = b""
            return bytes([Control.EOT])
        if order.name == _RESEND:
            return self._said
        if self._heard is None or self._heard.frame != order.frame:
            return b""  # the line was cut at its ACK
        self._heard = None
        self._said = self._obey(order.frame)
        return self._said

    def _orders(self, item: Frame | Control) -> list[Order]:
        if item is Control.ACK:
            self._said = b""
            return []
        if isinstance(item, Control):
            return [Order(_RESEND if item is Control.NAK else _CLEAR, bytes([item]))]
        if item.address != self._mechanism.profile.address or item.text[:1] != b"C":
            return []
        command = _KNOWN.get(item.text[1:_HEAD])
        frame = build(item.address, item.text)
        return [Order(_ACK, frame), Order(command.name if command else "unknown", frame)]

    def _obey(self, frame: bytes) -> bytes:
        address, text = frame[1], frame[4:-2]
        command = _KNOWN.get(text[1:_HEAD])
        if command is None:
            reply = Reply(text[1:_HEAD], refused=True, words="00")
        else:
            reply = self._mechanism.obey(command, text[_HEAD:])
        return build_reply(address, reply, self._refusal)
