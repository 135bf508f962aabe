"""Card numbers: a letter and 8 digits, counted up in each region, and none given twice.

AAZ500 卡号 is 9 characters (LD/T 32, record 07 of EF05). A number whose card was spoiled stays
void: it may stand on the blank already.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from central.cards.records import Card
from central.issuance.records import CardNumberSeries
from central.problems import Kind, ProblemError

_A_LETTER = 10**8
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def next_number(session: Session, region: str) -> str:
    """The region's next number that no card has; right within the writer's turn only.

    Raises `CARD_NUMBERS_USED_UP` after Z99999999.
    """
    series = session.get(CardNumberSeries, region)
    if series is None:
        series = CardNumberSeries(region=region, last=_last_taken(session))
        session.add(series)
    while True:
        series.last += 1
        if series.last >= _A_LETTER * len(_LETTERS):
            raise ProblemError(Kind.CARD_NUMBERS_USED_UP)
        number = _LETTERS[series.last // _A_LETTER] + f"{series.last % _A_LETTER:08}"
        if session.get(Card, number) is None:
            return number


def _last_taken(session: Session) -> int:
    """Where a series begins: behind the numbers of A that cards brought along have."""
    highest = session.scalar(
        select(func.max(Card.number)).where(
            Card.number.between("A00000000", "A99999999"), func.length(Card.number) == len("A") + 8
        )
    )
    digits = (highest or "A0")[1:]
    return int(digits) if digits.isdecimal() else 0
