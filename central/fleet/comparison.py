"""What a content would change at the kiosks it is for: they may have different ones now."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from central.centre import Centre
from central.fleet import contents, documents, records, service
from central.fleet.difference import Difference, between

MOST = 5
"""Contents that are compared; each loads two rules tables."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Kiosks that have the same content now, and what changes at them.

    `own`: they are as their own file says. No kiosks: nobody was chosen. No difference: one of the
    contents is an earlier program's, and cannot be read any more.
    """

    kiosks: tuple[str, ...]
    own: bool
    difference: Difference | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The commonest contents of the kiosks, how many kiosks have others, and who would reopen."""

    compared: tuple[Compared, ...]
    others: int
    reopened: tuple[str, ...]


def compare(session: Session, centre: Centre, after: str, kiosks: Iterable[str]) -> Comparison:
    """What a checked content changes at kiosks; with none, against a kiosk's own settings.

    Raises `StoreError` where a content that a kiosk has is not as it was approved.
    """
    by_body = _by_body(session, centre, kiosks) or {documents.EMPTY: []}
    ordered = sorted(by_body.items(), key=lambda each: -len(each[1]))
    return Comparison(
        tuple(
            Compared(tuple(numbers), body == documents.EMPTY, between(body, after, centre.rules))
            for body, numbers in ordered[:MOST]
        ),
        sum(len(numbers) for _, numbers in ordered[MOST:]),
        tuple(
            sorted(
                number
                for body, numbers in ordered
                if documents.is_closed(body) and not documents.is_closed(after)
                for number in numbers
            )
        ),
    )


def _by_body(session: Session, centre: Centre, kiosks: Iterable[str]) -> dict[str, list[str]]:
    given, found = records.newest_documents(session), dict[str, list[str]]()
    for number in kiosks:
        body = documents.EMPTY
        if number in given:
            body = contents.opened(session, service.held(centre).seal, given[number].content)
        found.setdefault(body, []).append(number)
    return found
