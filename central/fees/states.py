"""The states of a fee, and the only ways between them.

DUE > SETTLED | DEDUCTED | WAIVED (规程 3.1.2(1): 费用清缴或抵扣; a first card is free).
A case that ends without a card owes back what was paid: REFUND_DUE > REFUNDED. The fee of one that
goes on after all is due again, or counts as paid where it was not paid back yet.
"""

from enum import StrEnum

from central.problems import Kind, ProblemError

CLAUSE = "3.1.2(1)"


class FeeState(StrEnum):
    """Where a fee stands."""

    DUE = "DUE"
    SETTLED = "SETTLED"
    DEDUCTED = "DEDUCTED"
    WAIVED = "WAIVED"
    VOID = "VOID"
    REFUND_DUE = "REFUND_DUE"
    REFUNDED = "REFUNDED"


class FeeEvent(StrEnum):
    """What befalls a fee; `end` is the end of its case without a card, `reopen` its going on."""

    SETTLE = "settle"
    DEDUCT = "deduct"
    WAIVE = "waive"
    END = "end"
    REFUND = "refund"
    REOPEN = "reopen"


_S, _E = FeeState, FeeEvent

WAYS: dict[tuple[FeeState, FeeEvent], FeeState] = {
    (_S.DUE, _E.SETTLE): _S.SETTLED,
    (_S.DUE, _E.DEDUCT): _S.DEDUCTED,
    (_S.DUE, _E.WAIVE): _S.WAIVED,
    (_S.DUE, _E.END): _S.VOID,
    (_S.SETTLED, _E.END): _S.REFUND_DUE,
    (_S.DEDUCTED, _E.END): _S.REFUND_DUE,
    (_S.WAIVED, _E.END): _S.VOID,
    (_S.REFUND_DUE, _E.REFUND): _S.REFUNDED,
    (_S.VOID, _E.REOPEN): _S.DUE,
    (_S.REFUND_DUE, _E.REOPEN): _S.SETTLED,
}

ZH = {
    _S.DUE: "待缴费",
    _S.SETTLED: "已缴费",
    _S.DEDUCTED: "已抵扣",
    _S.WAIVED: "已减免",
    _S.VOID: "已作废",
    _S.REFUND_DUE: "待退费",
    _S.REFUNDED: "已退费",
}
"""How a clerk names them."""


def next_state(state: FeeState, event: FeeEvent) -> FeeState:
    """The state after an event. Raises `FEE_STATE_FORBIDS`."""
    after = WAYS.get((state, event))
    if after is None:
        raise ProblemError(
            Kind.FEE_STATE_FORBIDS,
            f"A fee that is {state.name} cannot be the object of {event.value}.",
            clause=CLAUSE,
            reason_zh=f"这笔费用{ZH[state]}，不能再办这一步",
        )
    return after
