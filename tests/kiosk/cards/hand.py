"""A slot without a reader, for what has nothing to do with the reader: a hand with a card."""

from contextlib import contextmanager

from hardware.chip import ChipGone, ChipMute
from hardware.device import Capabilities, Media, State, Status
from tests.hardware.cards.chips import DirectChip


class Hand:
    """Puts its card in whenever one is waited for; pulls it at the n-th command from `pull_at`.

    `sent` are the commands the card heard. `brown_out`: it still carries the last one out.
    """

    name = "social_card"

    def __init__(self, card):
        self.card, self.inside, self.sent = card, False, []
        self._pulls = None

    def pull_at(self, at, *, brown_out=False):
        self._pulls = (len(self.sent) + at, brown_out)

    def capabilities(self):
        return Capabilities("CardReader", "dip", frozenset({"chip"}))

    def status(self):
        return Status(State.ONLINE)

    def reset(self):
        return self.retain()

    def close(self):
        pass

    def accept(self, cancel, timeout_s):
        self.inside = not cancel.is_set()
        return self.inside

    def give_back(self, cancel, timeout_s):
        self.inside = False
        return Media.NOT_PRESENT

    def retain(self):
        return Media.PRESENT if self.inside else Media.NOT_PRESENT

    def card_present(self):
        return self.inside

    @contextmanager
    def session(self):
        if not self.inside:
            raise ChipGone
        if not self.card.power_on():
            raise ChipMute
        before, pulls = len(self.sent), self._pulls
        chip = DirectChip(
            self.card, pulls[0] - before if pulls else 0, brown_out=bool(pulls and pulls[1])
        )
        try:
            yield chip
        finally:
            self.sent += chip.sent
            if pulls and before < pulls[0] <= len(self.sent):
                self.inside, self._pulls = False, None
