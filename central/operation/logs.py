"""The log: one line an event on standard error, as text or as JSON, never with a person's data.

Our own messages are written so that they hold none. Of other libraries' messages the template is
written, not what was put into it; of an exception its kind and place, never its text.
"""

import json
import logging
import traceback
from datetime import datetime
from typing import Any, Literal

from central.clock import CHINA

OURS = ("central",)
FIELDS = "fields"
"""The attribute of a record with an event's own fields: `extra={"fields": {...}}`."""


class JsonLines(logging.Formatter):
    """A record as one JSON object on one line."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger and message, then the event's own fields."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, CHINA).isoformat(
                timespec="milliseconds"
            ),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
            **getattr(record, FIELDS, {}),
        }
        if record.exc_info and record.exc_info[1]:
            line["error"] = where(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


class TextLines(logging.Formatter):
    """The same for a person who looks on, without the fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, message."""
        time = datetime.fromtimestamp(record.created, CHINA)
        error = record.exc_info[1] if record.exc_info else None
        more = f": {where(error)}" if error else ""
        return f"{time:%Y-%m-%d %H:%M:%S} {record.levelname} {_message(record)}{more}"


def configure(style: Literal["text", "json"]) -> None:
    """Let every logger of the process write so, unless somebody set them up before."""
    if logging.root.handlers:
        return
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if style == "json" else TextLines())
    logging.root.addHandler(handler)
    logging.root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO)


def where(error: BaseException) -> str:
    """An exception's kind and place: its text may hold a person's data."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"


def _message(record: logging.LogRecord) -> str:
    ours = record.name.partition(".")[0] in OURS
    return record.getMessage() if ours else str(record.msg)
