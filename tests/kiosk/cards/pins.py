"""Which PIN a card has, asked of the card itself."""

SELECT = bytes.fromhex("00A404000F7378312E73682EC9E7BBE1B1A3D5CF")


def has(card, digits):
    """Whether a virtual card takes this PIN; a right one gives it all its tries."""
    card.power_on()
    card.transmit(SELECT)
    pin = bytes.fromhex(digits)
    return card.transmit(bytes.fromhex("00200000") + bytes([len(pin)]) + pin) == b"\x90\x00"
