"""A PIN as the card takes it: BCD, padded with F, in memory that is wiped."""

from hardware.secret import Secret

SEPARATOR = 0xFF
"""Between the old and the new PIN of CHANGE PIN; a PIN has at most one nibble F, never this."""
_PAD = 0x0F
_ASCII_ZERO = 0x30


def packed(pin: Secret, digits: tuple[int, int]) -> bytearray:
    """Give two digits a byte, high nibble first, the last low nibble F if their count is odd.

    `pin` has ASCII digits, `digits` the fewest and the most of them; ValueError for another one.
    The caller wipes what it is given; `pin` stays the caller's.
    """
    least, most = digits
    if not least <= len(pin) <= most:
        raise ValueError(f"a PIN has {least} to {most} digits")
    body = bytearray((len(pin) + 1) // 2)
    for at, character in enumerate(pin.data):
        digit = character - _ASCII_ZERO
        if not 0 <= digit <= 9:  # noqa: PLR2004 - decimal
            body[:] = bytes(len(body))
            raise ValueError("a PIN has digits only")
        body[at // 2] |= digit << 4 if at % 2 == 0 else digit
    if len(pin) % 2:
        body[-1] |= _PAD
    return body


def packed_pair(old: Secret, new: Secret, digits: tuple[int, int]) -> bytearray:
    """Give old ‖ FF ‖ new, as CHANGE PIN takes them; ValueError and wiping as for `packed`."""
    first = packed(old, digits)
    try:
        second = packed(new, digits)
        body = bytearray(len(first) + 1 + len(second))
        body[: len(first)], body[len(first)] = first, SEPARATOR
        body[len(first) + 1 :] = second
        second[:] = bytes(len(second))
    finally:
        first[:] = bytes(len(first))
    return body
