"""A new configuration in a running kiosk: between two citizens, on probation, or taken back.

One that puts the kiosk out of service needs no proof: whoever closes a sick kiosk from afar means
it, and a kiosk that serves nobody has nothing to prove.

Main thread only. What it needs of the kiosk it is given as functions, so it knows no screen, no
device and no centre.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from kiosk.configuration.document import Document
from kiosk.configuration.store import Failure, Store
from kiosk.configuration.trace import Trace

LOOK_S = 20.0
"""A device that has not answered after so long is not open."""

CATCH_UP_S = 60.0
"""How often a disk that did not take down what became of one is tried again."""

CENTRE_TIMES = 15
"""So many times as long one that is well but for the centre's silence waits for its word: a centre
that is away for some minutes would otherwise spoil it at every kiosk at once."""

Health = Mapping[str, bool]
"""Whether each device is open, by its name; one that does not answer is not there."""


@dataclass(frozen=True, slots=True)
class Kiosk:
    """What a trial needs of the kiosk.

    `use` has it be like a document (None: like its own file); `idle` whether nobody is served and
    nothing lies over the attract screen; `look` asks every device, and answers by its argument;
    `drawn` calls back when a picture is on the glass; `heard` and `faults` count what the centre
    took and what broke; `write` does something to the store, and answers with what came of it.
    """

    use: Callable[[Document | None], None]
    idle: Callable[[], bool]
    look: Callable[[Callable[[str, bool], None]], int]
    drawn: Callable[[Callable[[], None]], None]
    heard: Callable[[], int]
    faults: Callable[[], int]
    write: Callable[[Callable[[], object], Callable[[object], None]], None]
    clock: Callable[[], float]


class Phase(Enum):
    """What a trial is at."""

    RESTS = auto()
    LOOKS = auto()
    WRITES = auto()
    PROVES = auto()
    LOOKS_AGAIN = auto()
    GOES_BACK = auto()


@dataclass(slots=True, eq=False)
class Proof:
    """What is held against the kiosk at the end: what it was like before.

    `well`: it was judged, and only the centre has still to hear of it.
    """

    document: Document
    since: float
    heard: int
    faults: int
    drawn: bool = False
    well: bool = False


@dataclass(slots=True, eq=False)
class Trial:
    """Tries one configuration after the other.

    `good` is the last that proved itself, `in_force` what the kiosk is like now; None for its own
    file.
    """

    kiosk: Kiosk
    store: Store
    trace: Trace
    probation_s: float
    good: Document | None = None
    in_force: Document | None = None
    _waits: Document | None = None
    _phase: Phase = Phase.RESTS
    _proof: Proof | None = None
    _open: dict[str, bool] = field(default_factory=dict[str, bool])
    _before: Health = field(default_factory=dict[str, bool])
    _asked: int = 0
    _since: float = 0.0

    def resume(self, good: Document | None) -> None:
        """At start: have the last good one, if there is one."""
        self.good = good
        if good is not None:
            self._use(good)

    def offer(self, document: Document) -> None:
        """A good document waits: it is tried when nobody is served, and a newer one instead."""
        self._waits = document

    def tick(self) -> None:
        """A few times a second."""
        if not self.kiosk.idle():
            return
        match self._phase:
            case Phase.RESTS | Phase.LOOKS | Phase.PROVES | Phase.LOOKS_AGAIN if (
                self._waits and self._waits.mode == "out_of_service"
            ):
                self._take(self._waits)
            case Phase.RESTS if self._waits:
                self._look(Phase.LOOKS)
            case Phase.RESTS if self.store.behind and self.kiosk.clock() - self._since > CATCH_UP_S:
                self._since = self.kiosk.clock()
                self.kiosk.write(self.store.catch_up, self._ignored)
            case Phase.LOOKS if self._looked():
                self._before = dict(self._open)
                self._begin()
            case Phase.PROVES if self._proof and self._is_over(self._proof):
                self._look(Phase.LOOKS_AGAIN)
            case Phase.LOOKS_AGAIN if self._proof and self._looked():
                self._judge(self._proof)
            case Phase.GOES_BACK if self._proof:
                self._use(self.good)
                self._dropped(self._proof.document, "committed")
            case _:
                pass

    def _look(self, phase: Phase) -> None:
        """Ask every device; an answer that comes after another question is of no use."""
        self._phase, self._since = phase, self.kiosk.clock()
        answers = self._open = dict[str, bool]()
        self._asked = self.kiosk.look(answers.__setitem__)

    def _looked(self) -> bool:
        late = self.kiosk.clock() - self._since > LOOK_S
        return late or len(self._open) == self._asked

    def _begin(self) -> None:
        """Write down that it is tried, then have it; unless somebody came meanwhile."""
        document, self._waits = self._waits, None
        if document is None:
            self._phase = Phase.RESTS
            return
        self._phase = Phase.WRITES

        def written(answer: object) -> None:
            if isinstance(answer, Exception):
                self._dropped(document, "applied")
            elif answer is not True:
                self._phase = Phase.RESTS  # a newer one waits
            elif self.kiosk.idle():
                self._apply(document)
            else:
                self._phase, self._waits = Phase.RESTS, self._waits or document
                self.kiosk.write(self.store.put_off, self._ignored)

        self.kiosk.write(lambda: self.store.begin(document.revision), written)

    def _apply(self, document: Document) -> None:
        kiosk = self.kiosk
        proof = Proof(document, kiosk.clock(), kiosk.heard(), kiosk.faults())
        self._proof, self._phase = proof, Phase.PROVES
        if not self._usable(document):
            return

        def drawn() -> None:
            proof.drawn = True

        kiosk.drawn(drawn)
        self.trace.moved("probation", document.revision)

    def _take(self, document: Document) -> None:
        """Have it without proof; where the disk does not take down that it is good, it waits."""
        self._phase, self._waits = Phase.WRITES, None
        if not self._usable(document):
            return
        self.good = document

        def written(answer: object) -> None:
            self._phase = Phase.RESTS
            if isinstance(answer, Exception):
                self.trace.refused(document.revision, Failure("committed", "disk"))
            elif answer is True:
                self.trace.moved("committed", document.revision)

        self.kiosk.write(lambda: self.store.take(document.revision), written)

    def _is_over(self, proof: Proof) -> bool:
        broke = self.kiosk.faults() > proof.faults
        if proof.well:
            return broke or self._heard(proof) or self._lasts(proof, CENTRE_TIMES)
        return broke or self._lasts(proof)

    def _heard(self, proof: Proof) -> bool:
        return self.kiosk.heard() > proof.heard

    def _lasts(self, proof: Proof, times: int = 1) -> bool:
        return self.kiosk.clock() - proof.since >= self.probation_s * times

    def _judge(self, proof: Proof) -> None:
        document = proof.document
        lost = [name for name, there in self._before.items() if there and not self._open.get(name)]
        checks = (
            ("faults", self.kiosk.faults() <= proof.faults),
            ("frames", proof.drawn),
            (f"devices {' '.join(lost)}", not lost),
            ("centre", self._heard(proof)),
        )
        wrong = next((word for word, fine in checks if not fine), "")
        if wrong == "centre" and not self._lasts(proof, CENTRE_TIMES):
            proof.well, self._phase = True, Phase.PROVES
            return
        if wrong:
            self._taken_back(document, Failure("probation", wrong))
            return
        self._phase = Phase.WRITES

        def written(answer: object) -> None:
            if isinstance(answer, Exception):
                self._phase = Phase.GOES_BACK
                return
            self._phase, self.good = Phase.RESTS, document
            self.trace.moved("committed", document.revision)

        self.kiosk.write(self.store.commit, written)

    def _taken_back(self, document: Document, why: Failure) -> None:
        """The last good one serves again, and this one is never tried again."""
        self._use(self.good)
        self._phase = Phase.WRITES
        self.trace.refused(document.revision, why)
        self.kiosk.write(lambda: self.store.fail(document.revision, why), self._rested)

    def _dropped(self, document: Document, step: str) -> None:
        """The disk does not take it: the document is not bad for that, and is fetched again."""
        self._phase = Phase.WRITES
        self.trace.refused(document.revision, Failure(step, "disk"))
        self.kiosk.write(lambda: self.store.drop(document.revision), self._rested)

    def _usable(self, document: Document) -> bool:
        """Have a document; one that the kiosk cannot be like is taken back at once."""
        try:
            self._use(document)
        except Exception as error:  # noqa: BLE001 - whatever it was, the last good one serves
            self._taken_back(document, Failure("applied", type(error).__name__))
            return False
        return True

    def _use(self, document: Document | None) -> None:
        self.in_force = document
        self.kiosk.use(document)

    def _rested(self, _answer: object) -> None:
        self._phase = Phase.RESTS

    def _ignored(self, _answer: object) -> None:
        """A disk that does not take it: the document waits in memory all the same."""
