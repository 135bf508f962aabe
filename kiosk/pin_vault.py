"""Where the PINs of one visit are between its steps, and nowhere else."""

from hardware.secret import Secret


class Vault:
    """The old and the new PIN as they were typed; for the thread of the card.

    Empty unless a visit is between the typing and the writing; `wipe` is done whenever a card is
    waited for, given back or written, and any thread may: a PIN that is wiped while it is packed
    is none, and the driver refuses it. Shows nothing, and cannot be pickled.
    """

    __slots__ = ("_new", "_old")

    def __init__(self) -> None:
        self._old, self._new = Secret(), Secret()

    @property
    def old(self) -> Secret:
        """The PIN the card took; of no length when there is none."""
        return self._old

    @property
    def new(self) -> Secret:
        """The PIN the card shall get; of no length when there is none."""
        return self._new

    def keep_old(self, pin: Secret) -> None:
        """Take over the PIN the card took."""
        self._old.wipe()
        self._old = pin

    def keep_new(self, pin: Secret) -> None:
        """Take over the PIN the card shall get."""
        self._new.wipe()
        self._new = pin

    def wipe(self) -> None:
        """Overwrite and forget both."""
        self._old.wipe()
        self._new.wipe()

    def __repr__(self) -> str:
        return "Vault(***)"

    def __reduce__(self) -> str:
        raise TypeError("a vault is never pickled")
