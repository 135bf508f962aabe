"""Faults one could make in the centre: each breaks a law, and the walk has to find it."""

from central import idempotency
from central.applications import states
from central.cards.records import Card
from central.cards.states import CardState
from central.issuance import making, undoing
from central.issuance.records import WriteState


def a_reversal_of_nothing_is_forgotten(patch):
    real = undoing.reverse

    def reverse(session, write_id, *more):
        return real(session, write_id, *more) if undoing.find_write(session, write_id) else None

    patch.setattr(undoing, "reverse", reverse)


def an_old_card_ends_when_the_new_one_is_prepared(patch):
    real = making.prepare

    def prepare(session, centre, wanted, act):
        write = real(session, centre, wanted, act)
        if write.replaces and write.state is WriteState.PREPARED:
            session.get(Card, write.replaces).state = CardState.CANCELLED
        return write

    patch.setattr(making, "prepare", prepare)


def a_confirmation_leaves_the_old_card(patch):
    patch.setattr(making, "befall", lambda *_: None)


def a_fee_is_forgotten(patch):
    patch.setattr(states, "case_over", lambda *_: None)


def a_key_is_forgotten(patch):
    patch.setattr(idempotency, "replay", lambda *_: None)


MUTANTS = (
    a_reversal_of_nothing_is_forgotten,
    an_old_card_ends_when_the_new_one_is_prepared,
    a_confirmation_leaves_the_old_card,
    a_fee_is_forgotten,
    a_key_is_forgotten,
)
