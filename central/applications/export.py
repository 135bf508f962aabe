"""An application whole, for the officials who hold it: `python -m central show` and `list`."""

from typing import Any

from central.applications.records import Application

_WHOLE = (
    "voucher_no",
    "service",
    "channel",
    "applicant_kind",
    "state",
    "applicant",
    "agent",
    "phone",
    "address",
    "bank",
    "card_number",
    "wishes",
)
_REST = (
    "signature",
    "marks",
    "taken_at",
    "kiosk_id",
    "key",
    "submitted_at",
    "due_at",
    "window",
)


def export(row: Application) -> dict[str, Any]:
    """Every field as it was taken; nothing is masked."""
    images = [{"kind": image.kind, "sha256": image.sha256} for image in row.images]
    whole = {name: getattr(row, name) for name in _WHOLE}
    return whole | {"images": images} | {name: getattr(row, name) for name in _REST}
