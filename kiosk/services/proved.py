"""What the kiosk last proved of itself, for whoever attends (docs/readiness.md)."""

from dataclasses import dataclass

from kiosk.visit import Fact


@dataclass(frozen=True, slots=True)
class ProveAgain:
    """The kiosk shall prove itself now."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof by its name: how far it came (proven, looked, failed, absent), of what, and why."""

    name: str
    device: str
    degree: str
    reason: str

    @property
    def failed(self) -> bool:
        """Whether something has to be done about it."""
        return self.degree == "failed"


@dataclass(frozen=True, slots=True)
class Proved:
    """The last round: when (ISO 8601), and what came of each proof."""

    at: str
    proofs: tuple[Proof, ...]


PROVED = Fact("proved", Proved)
