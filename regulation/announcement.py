"""What the operator tells everybody at the home screen for a while. Pure."""

from collections.abc import Mapping
from datetime import datetime

MOST = 36
"""Characters of a sentence in Chinese, twice as many in English: two lines in large type."""
MEMBERS = frozenset({"zh", "en", "from", "until"})


def some_notice(value: Mapping[str, object]) -> bool:
    """Whether a table is a notice: {} for none, else `zh`, and perhaps `en`, `from`, `until`."""
    if not value:
        return True
    texts = {name: text for name, text in value.items() if isinstance(text, str)}
    if len(texts) != len(value) or not texts.keys() <= MEMBERS or not texts.get("zh", "").strip():
        return False
    times = [_moment(texts[name]) for name in ("from", "until") if name in texts]
    shown = texts["zh"].isprintable() and texts.get("en", "").isprintable()
    fits = len(texts["zh"]) <= MOST and len(texts.get("en", "")) <= 2 * MOST
    known = [at for at in times if at is not None]
    in_order = known == times and known == sorted(set(known))
    return shown and fits and in_order


def announced(notice: Mapping[str, str], language: str, now: datetime) -> str:
    """The sentence in a language of the screens, while it is time for it; else ""."""
    clock = now.replace(tzinfo=None)
    first, last = (_moment(notice.get(name, "")) for name in ("from", "until"))
    if (first and clock < first) or (last and clock >= last):
        return ""
    chinese = notice.get("zh", "")
    return (notice.get("en") or chinese) if language == "en" else chinese


def _moment(value: str) -> datetime | None:
    """A local time of the kiosk, "2026-12-01" or "2026-12-01T08:00"; None for what is none."""
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    return at if at.tzinfo is None else None
