"""Why a card is replaced (规程 3.1)."""

from enum import StrEnum


class Reason(StrEnum):
    """Lost is 补领, damaged or other data 换领, the rest 换发."""

    LOST = "lost"
    DAMAGED = "damaged"
    DATA_CHANGED = "data_changed"
    EXPIRED = "expired"
    RENEWED = "renewed"
