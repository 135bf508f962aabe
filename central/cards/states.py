"""The states of a card's social-security application, and the only ways between them.

Source: services.md 5; 规程 2 (启用), 6 (挂失、解挂), 7 (解锁), 9 (注销与回退), 3.1 (补换).
A state that is not in `_WAYS` for an event is refused, with what the state means for the holder.
"""

from enum import StrEnum

from central.problems import Kind, ProblemError


class CardState(StrEnum):
    """The state of a card's social-security application."""

    NONE = "NONE"
    SEALED = "SEALED"  # 封存
    ACTIVE = "ACTIVE"  # 正常
    TEMPORARY_LOSS = "TEMPORARY_LOSS"  # 临时挂失
    LOSS = "LOSS"  # 挂失
    LOCKED = "LOCKED"  # 锁定
    CANCELLED = "CANCELLED"  # 注销

    @property
    def valid(self) -> bool:
        """Whether its holder has a card: one that is lost can be replaced, not applied for anew."""
        return self not in {CardState.NONE, CardState.CANCELLED}


class CardEvent(StrEnum):
    """What can befall a card."""

    ACTIVATE = "activate"
    REPORT_LOSS = "report_loss"
    REPORT_TEMPORARY_LOSS = "report_temporary_loss"
    RELEASE_LOSS = "release_loss"
    LAPSE = "lapse"
    LOCK = "lock"
    UNLOCK = "unlock"
    REPLACE = "replace"
    CANCEL = "cancel"
    ROLL_BACK = "roll_back"


BACK = None
"""The state before the cancellation, or before the loss, whatever it was."""

_S, _E = CardState, CardEvent
_LIVE = (_S.SEALED, _S.ACTIVE, _S.TEMPORARY_LOSS, _S.LOSS, _S.LOCKED)

LOST = frozenset({_S.TEMPORARY_LOSS, _S.LOSS})
"""States of a card that was reported lost."""

REPORTS = frozenset({_E.REPORT_LOSS, _E.REPORT_TEMPORARY_LOSS})
RELEASES = frozenset({_E.RELEASE_LOSS, _E.LAPSE})
"""What ends a loss: a card that was never activated is as it was, not activated by being found."""

_WAYS: dict[CardEvent, dict[CardState, CardState | None]] = {
    CardEvent.ACTIVATE: {_S.SEALED: _S.ACTIVE},  # 2.1
    CardEvent.REPORT_LOSS: {_S.ACTIVE: _S.LOSS, _S.TEMPORARY_LOSS: _S.LOSS, _S.SEALED: _S.LOSS},
    CardEvent.REPORT_TEMPORARY_LOSS: {
        _S.ACTIVE: _S.TEMPORARY_LOSS,
        _S.SEALED: _S.TEMPORARY_LOSS,
    },
    CardEvent.RELEASE_LOSS: {_S.LOSS: BACK, _S.TEMPORARY_LOSS: BACK},  # 6
    CardEvent.LAPSE: {_S.TEMPORARY_LOSS: BACK},
    CardEvent.LOCK: {_S.ACTIVE: _S.LOCKED},
    CardEvent.UNLOCK: {_S.LOCKED: _S.ACTIVE},  # 7
    CardEvent.REPLACE: dict.fromkeys(_LIVE, _S.CANCELLED),  # 3.1: by the new card's confirmation
    CardEvent.CANCEL: dict.fromkeys(_LIVE, _S.CANCELLED),  # 9
    CardEvent.ROLL_BACK: {_S.CANCELLED: BACK},  # 9
}

NAMES = {
    _S.NONE: ("未制卡", "none"),
    _S.SEALED: ("封存（未启用）", "sealed, not activated"),
    _S.ACTIVE: ("正常", "in use"),
    _S.TEMPORARY_LOSS: ("临时挂失", "reported lost for a term"),
    _S.LOSS: ("挂失", "reported lost"),
    _S.LOCKED: ("锁定", "locked"),
    _S.CANCELLED: ("注销", "cancelled"),
}
"""What citizens read, in Chinese and in English."""

REASONS = {
    _S.NONE: "系统中没有这张卡，请先申领",
    _S.SEALED: "这张卡还没有启用，请先启用",
    _S.ACTIVE: "这张卡状态正常，不需要办理这项业务",
    _S.TEMPORARY_LOSS: "这张卡已临时挂失",
    _S.LOSS: "这张卡已挂失",
    _S.LOCKED: "这张卡已锁定，请到服务窗口解锁",
    _S.CANCELLED: "这张卡已注销",
}
"""What a state means for the holder."""

KEYS = {
    _S.NONE: "no_card",
    _S.SEALED: "F20",
    _S.ACTIVE: "card_in_use",
    _S.TEMPORARY_LOSS: "F16",
    _S.LOSS: "F16",
    _S.LOCKED: "card_locked",
    _S.CANCELLED: "F19",
}
"""The same as the kiosk's failure, or a word where the failures have none."""


def next_state(
    state: CardState, event: CardEvent, before: CardState | None = None, clause: str | None = None
) -> CardState:
    """The state after an event; `before` is what a roll-back or a release returns to.

    Raises `CARD_STATE_FORBIDS` with the clause and the reason.
    """
    ways = _WAYS[event]
    if state not in ways or (ways[state] is BACK and before is None):
        raise ProblemError(
            Kind.CARD_STATE_FORBIDS,
            f"A card that is {state.name} cannot be the object of {event.value}.",
            clause=clause,
            reason_zh=REASONS[state],
            message_key=KEYS[state],
        )
    return ways[state] or before or state
