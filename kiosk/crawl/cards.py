"""Cards of specimen people, one in every state."""

from dataclasses import replace

from kiosk.services.answers import CardSeen

IN_USE = CardSeen("0f1e2d3c4b5a6978", "*****0011", "ACTIVE", "正常", "in use", "重庆银行")
SEALED_CARD = replace(
    IN_USE, card="1f1e2d3c4b5a6978", number="*****0012", state="SEALED", bank="",
    state_zh="封存（未启用）", state_en="sealed, not activated",
)  # fmt: skip
LOST_CARD = replace(
    IN_USE, card="2f1e2d3c4b5a6978", number="*****0013", state="TEMPORARY_LOSS",
    state_zh="临时挂失", state_en="reported lost for a term",
    since="2026-11-23T10:44:00+08:00", lost_until="2026-11-30T10:44:00+08:00",
)  # fmt: skip
GONE = replace(LOST_CARD, state="LOSS", state_zh="挂失", state_en="reported lost", lost_until="")
LOCKED_CARD = replace(
    IN_USE, card="3f1e2d3c4b5a6978", number="*****0014", state="LOCKED", state_zh="锁定",
    state_en="locked",
)  # fmt: skip
