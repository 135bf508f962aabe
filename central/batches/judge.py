"""A list as it was sent, judged by the regulation: `regulation.card_list` has the rules."""

from collections.abc import Iterable

from central.batches.faults import RowFault, told
from central.batches.schemas import Row
from regulation.card_list import judge as regulation
from regulation.card_list import rows as card_list


def judge(rows: Iterable[Row], ground: regulation.Ground) -> list[RowFault]:
    """Everything that is wrong with a list by itself, in its order."""
    return [told(each) for each in regulation.judge(map(_row, rows), ground)]


def number_of(row: Row) -> str:
    """A row's number in the form numbers are kept in, if it is one."""
    return row.number.upper()


def pictures_of(row: Row) -> dict[str, str]:
    """A row's pictures, by what they show."""
    return row.pictures.model_dump(exclude_none=True)


def _row(row: Row) -> card_list.Row:
    texts = row.model_dump(exclude={"pictures"})
    return card_list.Row(**texts, pictures=frozenset(pictures_of(row)))
