"""Memory for a PIN: it can be wiped, is never shown, and is not copied by accident."""

from types import TracebackType
from typing import Self


class Secret:
    """Bytes that are overwritten with zeros by `wipe`, or at the end of a `with`.

    `data` is the only way to them: a bytearray, for the owner to fill and to send, never to keep.
    Python may have copied what was read out of it: so never make `bytes` or `str` of it.
    """

    __slots__ = ("data",)

    def __init__(self, data: bytearray | None = None) -> None:
        self.data = bytearray() if data is None else data

    def append(self, byte: int) -> None:
        """Add a byte; the buffer that grows is wiped before it is let go."""
        grown = bytearray(len(self.data) + 1)
        grown[:-1] = self.data
        grown[-1] = byte
        self.wipe()
        self.data = grown

    def wipe(self) -> None:
        """Overwrite with zeros and forget."""
        for at in range(len(self.data)):
            self.data[at] = 0
        self.data = bytearray()

    def __len__(self) -> int:
        return len(self.data)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.wipe()

    def __repr__(self) -> str:
        return "Secret(***)"

    def __reduce__(self) -> str:
        raise TypeError("a secret is never pickled")
