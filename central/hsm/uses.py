"""A use of a key, written down before it and after: used means written down, whatever happens.

The HSM is asked between the two, outside the writer's turn, for it may be slow. A row whose end
could not be written stays `begun`.
"""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.centre import Centre
from central.hsm import names
from central.hsm.names import Master
from central.hsm.port import Card
from central.hsm.records import BEGUN, Function, KeyUse, ended, key_use
from central.problems import Kind, ProblemError

HOUR = timedelta(hours=1)

_MASTERS = {
    Function.INTERNAL: Master.IRK,
    Function.EXTERNAL_HOLDER: Master.RKSSSE,
    Function.EXTERNAL_PIN_RESET: Master.RPK,
    Function.EXTERNAL_PERSONALISE: Master.UKSSSE,
    Function.RELOAD: Master.RPK,
    Function.INITIAL_PIN: Master.RPK,
    Function.UNBLOCK: Master.PUK,
}


def key_name(card: Card, function: Function, pin_key: str = "") -> str:
    """Which key a function uses for a card: `RPK-SM4`, with a PIN's `RPK-SM4+epp-0017-01`."""
    name = names.of_card(_MASTERS[function], card)
    return f"{name}+{pin_key}" if pin_key else name


def begin(  # noqa: PLR0913, PLR0917 - who, for which card, what, with which key
    session: Session,
    at: datetime,
    device: str,
    card: Card,
    function: Function,
    pin_key: str = "",
) -> int:
    """Write down that a key is about to be used; the row's number, for `end`."""
    row = key_use(at, device, card.id, function, key=key_name(card, function, pin_key))
    row.outcome = BEGUN
    session.add(row)
    session.flush()
    return row.id


def end(session: Session, number: int, refused: Kind | None = None) -> None:
    """Write down how the use ended."""
    session.get_one(KeyUse, number).outcome = ended(refused)


@contextmanager
def refusals(centre: Centre, number: int) -> Generator[None]:
    """A no of the HSM, or of who judges by its answer or keeps it, is the end of the use."""
    try:
        yield
    except ProblemError as no:
        with centre.database.write() as session:
            end(session, number, no.kind)
        raise


def check_wrong_cards(session: Session, at: datetime, device: str, most: int) -> None:
    """Raise `TOO_MANY_WRONG_CARDS` after `most` wrong internal answers of a device in an hour.

    Retry-After: the seconds until the oldest of them is an hour old.
    """
    wrong = select(KeyUse.at).where(
        KeyUse.kiosk_id == device,
        KeyUse.function == Function.INTERNAL.value,
        KeyUse.outcome == ended(Kind.CARD_NOT_GENUINE),
        KeyUse.at > (at - HOUR).isoformat(),
    )
    found = list(session.scalars(wrong.order_by(KeyUse.at.desc()).limit(most)))
    if len(found) == most:
        wait = datetime.fromisoformat(found[-1]) + HOUR - at
        headers = {"Retry-After": str(max(1, int(wait.total_seconds())))}
        raise ProblemError(Kind.TOO_MANY_WRONG_CARDS, headers=headers)
