"""Demo people as papers for the simulated ID reader."""

from collections.abc import Mapping

from hardware.bench.people import IdCardTable, Person
from hardware.id_reader.simulator import IdCard, Trouble

TROUBLES: Mapping[str, Trouble] = {
    "": Trouble.NONE,
    "unreadable": Trouble.CANNOT_BE_READ,
    "unknown_kind": Trouble.UNKNOWN_CARD,
}


def chip(person: Person, table: IdCardTable) -> IdCard:
    """Give what the chip of this person's card says."""
    return IdCard(
        number=person.id_number,
        name=person.name,
        address=table.address,
        birth=table.birth,
        sex=table.sex,
        ethnicity=table.ethnicity,
        issuer=table.issuer,
        valid_from=table.valid_from,
        valid_to=table.valid_to,
        mark="J" if table.permit else " ",
        permit_number=table.permit,
        permit_issue="01" if table.permit else "",
    )
