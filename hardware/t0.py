"""What T=0 leaves to the host: data that wait behind 61xx, and the right Le of 6Cxx. Pure.

Source: ISO/IEC 7816-3, 12.2.1 (case 2 and case 4); docs/devices/social_card.md.
"""

from collections.abc import Callable

MORE, WRONG_LE = 0x61, 0x6C
_GET_RESPONSE = bytes.fromhex("00C00000")
_CASE_2 = 5  # CLA INS P1 P2 Le
_LARGEST = 256
_ROUNDS = 4  # a short answer comes in one part or two
_STATUS_WORD = 2

Exchange = Callable[[bytes | bytearray], bytes]
"""Sends one command and gives the answer as it comes."""


class BadAnswer(ValueError):  # noqa: N818 - what came is bad
    """What came is no answer of a card; never holds what came."""


def follow_up(exchange: Exchange, command: bytes | bytearray) -> bytes:
    """Give the whole answer to a command.

    Only a command that has Le and no data is sent again after 6Cxx: such a one changes nothing.
    BadAnswer if an answer has no status word, or the data find no end.
    """
    reply = _sound(exchange(command))
    if reply[-2] == WRONG_LE and len(command) == _CASE_2:
        reply = _sound(exchange(bytes(command[:4]) + reply[-1:]))
    data = b""
    for _ in range(_ROUNDS):
        if reply[-2] != MORE:
            return data + reply
        data += reply[:-2]
        reply = _sound(exchange(_GET_RESPONSE + reply[-1:]))
        if reply[-2] == WRONG_LE:
            reply = _sound(exchange(_GET_RESPONSE + reply[-1:]))
        if len(data) + len(reply) - _STATUS_WORD > _LARGEST:
            break
    raise BadAnswer("an answer finds no end")


def _sound(reply: bytes) -> bytes:
    if len(reply) < _STATUS_WORD:
        raise BadAnswer("an answer has no status word")
    return reply
