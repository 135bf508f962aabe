"""The states of a unit's batch and of its members, and the only ways between them.

SUBMITTED > ACCEPTED > DATA_GENERATED > IN_PRODUCTION > READY > PICKED_UP > ENABLED, or REJECTED, or
WITHDRAWN. A member may leave for a single card in DATA_GENERATED alone (规程 1.3).
Source: 规程 1.2, 3.2; services.md 5.
"""

from enum import StrEnum

from central.problems import Kind, ProblemError


class BatchState(StrEnum):
    """Where a unit's batch stands."""

    SUBMITTED = "SUBMITTED"
    ACCEPTED = "ACCEPTED"
    DATA_GENERATED = "DATA_GENERATED"
    IN_PRODUCTION = "IN_PRODUCTION"
    READY = "READY"
    PICKED_UP = "PICKED_UP"
    ENABLED = "ENABLED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"


class BatchEvent(StrEnum):
    """What moves a batch."""

    ACCEPT = "accept"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    GENERATE = "generate"
    PRODUCE = "produce"
    FINISH = "finish"
    PICK_UP = "pick_up"
    ENABLE = "enable"


_S, _E = BatchState, BatchEvent

WAYS: dict[tuple[BatchState, BatchEvent], BatchState] = {
    (_S.SUBMITTED, _E.ACCEPT): _S.ACCEPTED,
    (_S.SUBMITTED, _E.REJECT): _S.REJECTED,
    (_S.SUBMITTED, _E.WITHDRAW): _S.WITHDRAWN,
    (_S.ACCEPTED, _E.GENERATE): _S.DATA_GENERATED,
    (_S.ACCEPTED, _E.REJECT): _S.REJECTED,
    (_S.ACCEPTED, _E.WITHDRAW): _S.WITHDRAWN,
    (_S.DATA_GENERATED, _E.PRODUCE): _S.IN_PRODUCTION,
    (_S.DATA_GENERATED, _E.WITHDRAW): _S.WITHDRAWN,
    (_S.IN_PRODUCTION, _E.FINISH): _S.READY,
    (_S.IN_PRODUCTION, _E.REJECT): _S.REJECTED,  # only where no card could be made
    (_S.READY, _E.PICK_UP): _S.PICKED_UP,
    (_S.PICKED_UP, _E.ENABLE): _S.ENABLED,
}

OVER = frozenset({_S.ENABLED, _S.REJECTED, _S.WITHDRAWN})
"""States no event leads out of."""

ZH = {
    _S.SUBMITTED: "待窗口受理",
    _S.ACCEPTED: "已受理",
    _S.DATA_GENERATED: "已产生制卡数据",
    _S.IN_PRODUCTION: "制卡中",
    _S.READY: "已制卡，待领取",
    _S.PICKED_UP: "已领取，待启用",
    _S.ENABLED: "已启用",
    _S.REJECTED: "已退回",
    _S.WITHDRAWN: "已撤销",
}
"""How a clerk names them."""


class Material(StrEnum):
    """How the members' pictures came (规程 1.2.1)."""

    PICTURES = "pictures"  # with the list
    MEDIUM = "medium"  # on the unit's own medium, looked at by a window
    COPIES = "copies"  # on paper, with the unit's letter: 1.2.1(2)


class MemberState(StrEnum):
    """Where a person of a batch stands in it."""

    LISTED = "LISTED"
    MADE = "MADE"
    FAILED = "FAILED"
    HANDED_OVER = "HANDED_OVER"
    ENABLED = "ENABLED"
    KEPT_BACK = "KEPT_BACK"  # handed over, but lost, cancelled or replaced before it was enabled
    LEFT = "LEFT"  # for a single card (规程 1.3)
    NOT_MADE = "NOT_MADE"  # the batch is ready without this card
    DROPPED = "DROPPED"  # with a batch that was rejected or withdrawn


_M = MemberState

LIVE = frozenset({_M.LISTED, _M.MADE, _M.FAILED, _M.HANDED_OVER})
"""States in which a batch has the person's card: they can be in no other batch."""

MEMBER_WAYS: dict[MemberState, frozenset[MemberState]] = dict.fromkeys(
    MemberState, frozenset[MemberState]()
) | {
    _M.LISTED: frozenset({_M.MADE, _M.FAILED, _M.LEFT, _M.DROPPED}),
    _M.FAILED: frozenset({_M.MADE, _M.NOT_MADE, _M.DROPPED}),
    _M.MADE: frozenset({_M.HANDED_OVER}),
    _M.HANDED_OVER: frozenset({_M.ENABLED, _M.KEPT_BACK}),
}
"""Where a member may go; what is not here is an end."""

MEMBER_ZH = {
    _M.LISTED: "在名单中",
    _M.MADE: "已制卡",
    _M.FAILED: "制卡失败，待重制",
    _M.HANDED_OVER: "已领取，待启用",
    _M.ENABLED: "已启用",
    _M.KEPT_BACK: "未自动启用",
    _M.LEFT: "已转零星",
    _M.NOT_MADE: "未能制卡",
    _M.DROPPED: "随批次退回",
}
"""How a clerk names them."""


def next_state(state: BatchState, event: BatchEvent, clause: str | None = None) -> BatchState:
    """The state after an event. Raises `BATCH_STATE_FORBIDS` with the clause and the reason."""
    after = WAYS.get((state, event))
    if after is None:
        raise ProblemError(
            Kind.BATCH_STATE_FORBIDS,
            f"A batch that is {state.name} cannot be the object of {event.value}.",
            clause=clause,
            reason_zh=f"这个批次{ZH[state]}，不能再办这一步",
        )
    return after
