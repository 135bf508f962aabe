"""What is said to a chip, one step at a time, in the way its profile asks for."""

from hardware.chip import Chip, ChipGone
from hardware.fault import Cure, DeviceFault
from hardware.social_card import frames, records, status_words
from hardware.social_card.frames import BadFrame, Reply
from hardware.social_card.keys import Challenge, Internal
from hardware.social_card.outcomes import Declined, Failure, Unknown
from hardware.social_card.profile import Profile
from hardware.social_card.records import Field

_SFI = {records.EF05: 0x2C, records.EF06: 0x34}  # SFI in bits 8-4, and 100: P1 is a record number
_SELECTED, _BY_TAG = 0x04, 0x00
_OVERHEAD = 2  # T and L


class Ended(Exception):  # noqa: N818 - how the operation ended
    """The operation is over, with this outcome."""

    def __init__(self, outcome: Failure) -> None:
        super().__init__(type(outcome).__name__)
        self.outcome = outcome


class Conversation:
    """One session with a chip. Raises `Ended`, `ChipGone` and `DeviceFault`.

    No command is sent twice: whoever wants it again begins a new session. Nothing is sent any more
    after `ChipGone`: every later step raises it again.
    """

    def __init__(self, chip: Chip, profile: Profile) -> None:
        self._chip = chip
        self._profile = profile
        self._file = 0  # the one that is selected, 0 for none
        self._gone = False  # whether the chip was lost in this session

    @property
    def atr(self) -> bytes:
        """The chip's answer to reset; b"" if it is none."""
        try:
            frames.read_atr(self._chip.atr)
        except BadFrame:
            return b""
        return self._chip.atr

    def select_application(self, aid: bytes) -> Reply:
        """Give the answer to SELECT by name, whatever it is."""
        self._file = 0
        return self._ask(frames.SELECT_APPLICATION.apdu(aid))

    def read(self, number: int, row: Field) -> str | None:
        """Give the value of a record; none if the card has not this one."""
        reply = self._ask(self._read_command(number, row))
        if reply.status == status_words.NO_RECORD:
            return None
        with_it = _wanted(reply)
        try:
            return row.decode(with_it)
        except BadFrame as error:
            raise damaged() from error

    def challenge(self) -> bytes:
        """Give 8 random bytes of the card."""
        data = _wanted(self._ask(frames.GET_CHALLENGE.apdu()))
        if len(data) != frames.CHALLENGE_SIZE:
            raise damaged()
        return data

    def challenges(self) -> Challenge:
        """Give two fresh random numbers, in the profile's order."""
        first, second = self.challenge(), self.challenge()
        if self._profile.challenge_order == "source_first":
            return Challenge(factor=second, source=first)
        return Challenge(factor=first, source=second)

    def internal(self) -> Internal:
        """Let the card prove itself: what it answers to two of its own random numbers."""
        given = self.challenges()
        parts = [given.factor, given.source]
        if self._profile.internal_order == "source_first":
            parts.reverse()
        answer = _wanted(self._ask(frames.INTERNAL_AUTHENTICATE.apdu(b"".join(parts))))
        if len(answer) != frames.CHALLENGE_SIZE:
            raise damaged()
        return Internal(given.factor, given.source, answer)

    def external(self, key: int, answer: bytes) -> None:
        """Prove that the centre knows the card's key: A ‖ F, with the key's reference in P2."""
        _wanted(self._ask(frames.EXTERNAL_AUTHENTICATE.apdu(answer, p2=key)))

    def update(self, number: int, row: Field, record: bytes) -> None:
        """Write a record, T L V, in place of what was there."""
        p1, p2 = self._address(number, row)
        _wanted(self._ask(frames.UPDATE_RECORD.apdu(record, p1=p1, p2=p2)))

    def ask_tries(self) -> int:
        """Give the status word of an empty VERIFY; whether it costs a try the profile knows."""
        return self._ask(frames.VERIFY.apdu()).status

    def decide(self, apdu: bytearray) -> int:
        """Send a command that changes the card, wipe it, and give the status word.

        If the answer is lost, in whatever way, the outcome is `Unknown`; a chip that was gone
        before is not asked, and is `ChipGone`.
        """
        self._require_chip(apdu)
        try:
            return self._ask(apdu).status
        except ChipGone:
            raise Ended(Unknown()) from None
        except DeviceFault as fault:
            raise Ended(Unknown(fault)) from None

    def _read_command(self, number: int, row: Field) -> bytearray:
        p1, p2 = self._address(number, row)
        exact = self._profile.read_le == "exact"
        command = frames.READ_RECORD.apdu(p1=p1, p2=p2, le=row.size + _OVERHEAD if exact else 0)
        if self._profile.read_le == "none":
            command.pop()
        return command

    def _address(self, number: int, row: Field) -> tuple[int, int]:
        """Give P1 and P2 of a record's commands, its file selected if they need it."""
        addressing = self._profile.addressing
        if addressing == "sfi":
            return number, _SFI[row.file]
        self._select_file(row.file)
        return (row.tag, _BY_TAG) if addressing == "tag" else (number, _SELECTED)

    def _select_file(self, file: int) -> None:
        if self._file != file:
            p1 = self._profile.select_file_p1
            _wanted(self._ask(frames.SELECT_FILE.apdu(records.FILE_IDS[file], p1=p1)))
            self._file = file

    def _ask(self, apdu: bytearray) -> Reply:
        self._require_chip(apdu)
        try:
            return frames.split_reply(self._chip.transmit(apdu))
        except ChipGone:
            self._gone = True
            raise
        except BadFrame as error:
            raise damaged() from error
        finally:
            frames.wipe(apdu)

    def _require_chip(self, apdu: bytearray) -> None:
        if self._gone:
            frames.wipe(apdu)
            raise ChipGone


def damaged() -> DeviceFault:
    """Give the fault of an answer that cannot be what the card said."""
    return DeviceFault("social_card", Cure.RETRY, "invalid_data")


def declined(status: int) -> Ended:
    """Give how an operation ends to which the card said this."""
    return Ended(Declined(status_words.meaning(status).word, status))


def _wanted(reply: Reply) -> bytes:
    if reply.status != status_words.OK:
        raise declined(reply.status)
    return reply.data
