"""F12: the person has a valid card (规程 3.1: then it is a replacement)."""

from central.cards.records import Card
from central.cards.states import CardState


def test_the_centre_says_so_before_anything_is_typed(citizen, applications):
    citizen.begin("has_card", to="refusal")
    view = citizen.refused("F12")
    assert view.rows[-2].value == "办理规程 3.1"
    assert applications() == []
    citizen.served()


def test_a_card_that_came_meanwhile_is_told_at_submit(citizen, centre, applications):
    """Between the question and the application the centre gave a card at a window."""
    citizen.begin("zhang_san", to="signature")
    with centre.database.write() as session:
        card = Card(
            number="A00000099",
            identifier="500000D15600000500000099FFFFFFFF",
            id_number="11010519491231002X",
            state=CardState.ACTIVE,
        )
        session.add(card)
    citizen.sign()
    citizen.refused("F12")
    assert applications() == []
    citizen.served()
