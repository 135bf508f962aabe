"""Whether a new PIN is easily guessed: judged where it is clear, inside the HSM's port.

An encrypting pad never shows a kiosk the digits; what the port says of them is a rule's name.
"""

from central.hsm.arithmetic import wipe
from central.hsm.port import Guesses, HsmRefused
from central.problems import Kind
from regulation.pins import weakness

_FILLER = 0xF  # behind an odd number of digits


def refuse(clear: bytearray, first_pin: bytes, guesses: Guesses) -> None:
    """Raise `PIN_WEAK` with the name of the rule that refuses a PIN (`regulation.pins`).

    Both PINs are in the form `pin_block.counted_bcd` gives; none is kept.
    """
    pin, first = _digits(clear), _digits(first_pin)
    try:
        rule = weakness(
            pin,
            initial=first,
            birth=guesses.birth,
            numbers=guesses.numbers,
            phone_masked=guesses.phone,
        )
    finally:
        wipe(pin)
        wipe(first)
    if rule is not None:
        raise HsmRefused(Kind.PIN_WEAK, rule=rule.value)


def _digits(counted: bytes | bytearray) -> bytearray:
    """The ASCII digits of a PIN in BCD behind its count; for the caller to wipe."""
    size = 2 * counted[0] - (counted[counted[0]] & _FILLER == _FILLER)
    return bytearray(
        0x30 + (counted[1 + at // 2] >> (0 if at % 2 else 4) & 0xF) for at in range(size)
    )
