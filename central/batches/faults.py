"""Faults of rows, of a list or of the maker's results, as the API and the console tell them."""

from pydantic import BaseModel, Field

from regulation.card_list import faults
from regulation.card_list.faults import Fault


class RowFault(BaseModel):
    """One thing to mend: the row of the list, counted from 1, the field, what to do."""

    row: int = Field(ge=1)
    field: str
    code: str
    message: str = Field(description="Chinese; names the cure, never what stands in the row")
    other: int = Field(default=0, ge=0, description="the row that says the same; 0 for none")


def fault(row: int, field: str, what: Fault, other: int = 0) -> RowFault:
    """A fault of a row's field; `other` is the row that says the same."""
    return told(faults.RowFault(row, field, what, other))


def told(found: faults.RowFault) -> RowFault:
    """A fault as it is told."""
    return RowFault(
        row=found.row,
        field=found.field,
        code=found.what.value,
        message=found.message,
        other=found.other,
    )
