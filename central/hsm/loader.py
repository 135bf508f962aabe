"""The second port of the HSM: how a key comes in, by components that no one person has all of."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from central.hsm.arithmetic import SCHEMES, wipe
from central.hsm.names import algorithm_of
from central.problems import Kind, ProblemError

KEY_BYTES = 16
CHECK_BYTES = 3
_DES_BYTES = 8
OTHERS = "A component was not sealed for this loading."


@dataclass(frozen=True, slots=True)
class Sealed:
    """A component only the HSM can open, and only for what it was sealed for."""

    box: bytes = field(repr=False)
    bound: str


class KeyLoader(Protocol):
    """Any thread may call. Each function may raise `HsmRefused`.

    A key value is 16 bytes. The caller wipes the buffers it gave.
    """

    def seal(self, component: bytearray, bound: str) -> Sealed:
        """Close a component up until the others come."""
        ...

    def load(self, name: str, components: Sequence[Sealed]) -> str:
        """Combine the components by XOR, inside, and keep the key; give its check value.

        Raises `KEY_ALREADY_LOADED`; `KEY_COMPONENT_REFUSED` if what came out is no key.
        """
        ...

    def loaded(self, name: str) -> str | None:
        """Give the check value of the key that is held under this name; None if none is."""
        ...


def check_value(name: str, key: bytearray | bytes) -> str:
    """The first 3 bytes of zeros enciphered by the key's own cipher, in hexadecimal."""
    scheme = SCHEMES[algorithm_of(name) or ""]
    return scheme.encipher(bytes(key), bytes(scheme.block))[:CHECK_BYTES].hex().upper()


def combined(components: Sequence[bytearray]) -> bytearray:
    """The XOR of the components, which are wiped; the key is for the caller to wipe.

    Raises `KEY_COMPONENT_REFUSED` where two halves came out alike: zeros, or by 3DES single DES.
    """
    key = bytearray(KEY_BYTES)
    for component in components:
        for at, byte in enumerate(component):
            key[at] ^= byte
        wipe(component)
    odd = bytes(byte | 1 for byte in key)  # DES leaves the lowest bits out
    if odd[:_DES_BYTES] == odd[_DES_BYTES:]:
        wipe(key)
        raise ProblemError(Kind.KEY_COMPONENT_REFUSED, "The components give a key without worth.")
    return key
