"""What is kept how long, and why: one row a rule, days changed by a TOML file.

Below its least no rule goes: a log is kept for the half year the law asks, a case for as long as
its citizen may sue about it, an answer for as long as its key is promised.
"""

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from central.database import StoreError
from central.retention import sweeps

FILE = "RETENTION_FILE"
"""Environment: a TOML file of days by rule; unset are the defaults."""
MOST_DAYS = 36_525

HALF_A_YEAR = 183
LOGS = "网络安全法: network logs, six months"
SUIT = "行政诉讼法 46: six months to sue about an act"
NEEDED = "个人信息保护法 19: no longer than needed"
PROMISED = "docs/central.md, Keys: thirty days"

Removed = list[tuple[str, str]]
"""What was removed: its kind, and its name (voucher number, SHA-256, key)."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`days` after `since`, what `due` finds (names, at most so many) `remove` removes."""

    name: str
    days: int
    least: int
    since: str
    law: str
    due: Callable[[Session, str, int], list[str]]
    remove: Callable[[Session, str], Removed]


RULES = (
    Rule(
        "unfinished_uploads", 1, 1, "the last piece came", NEEDED,
        sweeps.due_uploads, sweeps.remove_upload,
    ),
    Rule(
        "kept_answers", 30, 30, "the answer was given", PROMISED,
        sweeps.due_answers, sweeps.remove_answer,
    ),
    Rule(
        "unused_images", 30, 1, "the image came, and nothing refers to it", NEEDED,
        sweeps.due_unused_images, sweeps.remove_image,
    ),
    Rule(
        "notices", HALF_A_YEAR, HALF_A_YEAR, "the notice was delivered or given up", LOGS,
        sweeps.due_notices, sweeps.remove_notice,
    ),
    Rule(
        "case_images", 1096, HALF_A_YEAR, "the case was over", SUIT,
        sweeps.due_case_images, sweeps.remove_case_images,
    ),
    Rule(
        "batch_images", 1096, HALF_A_YEAR, "the batch was over", SUIT,
        sweeps.due_batch_images, sweeps.remove_batch_images,
    ),
    Rule(
        "case_persons", 1827, HALF_A_YEAR, "the case was over", SUIT,
        sweeps.due_case_persons, sweeps.remove_case_person,
    ),
    Rule(
        "batch_persons", 1827, HALF_A_YEAR, "the batch was over", SUIT,
        sweeps.due_batch_persons, sweeps.remove_batch_persons,
    ),
    Rule(
        "key_uses", 1096, HALF_A_YEAR, "the key was used", LOGS,
        sweeps.due_key_uses, sweeps.remove_key_use,
    ),
    Rule(
        "log_checkpoints", 400, HALF_A_YEAR, "it was countersigned; a kiosk's last one stays", LOGS,
        sweeps.due_log_checkpoints, sweeps.remove_log_checkpoints,
    ),
)  # fmt: skip


def load_days(text: str) -> dict[str, int]:
    """Days by rule from a TOML text over the defaults. Raises `StoreError` with every fault."""
    try:
        told: Mapping[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise StoreError(f"the retention file is no TOML: {error}") from None
    known = {rule.name: rule for rule in RULES}
    faults = [f"{name}: there is no such rule" for name in told if name not in known]
    for name, days in told.items():
        if name in known and (type(days) is not int or days > MOST_DAYS):
            faults.append(f"{name}: write whole days, at most {MOST_DAYS}")
        elif name in known and days < known[name].least:
            faults.append(f"{name}: at least {known[name].least} days ({known[name].law})")
    if faults:
        raise StoreError("the retention file is refused: " + "; ".join(faults))
    return {rule.name: told.get(rule.name, rule.days) for rule in RULES}


def configured_days() -> dict[str, int]:
    """The days of the file the environment names, or the defaults."""
    path = os.environ.get(FILE, "")
    return load_days(Path(path).read_text("utf-8") if path else "")
