"""The way out: a port for text messages, and the folder that stands in for a provider."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from central.files import write_whole

FOLDER = "sms"


class NotDelivered(Exception):  # noqa: N818 - an answer
    """The gateway did not take the message; it is tried again."""


@dataclass(frozen=True, slots=True)
class Message:
    """A text message. A gateway drops a message whose id it has had before."""

    id: str
    to: str = field(repr=False)
    text: str = field(repr=False)


class SmsGateway(Protocol):
    """Sends text messages; slow, and not always there."""

    def send(self, message: Message) -> None:
        """Return when the gateway has acknowledged. Raises `NotDelivered`."""
        ...


class FileGateway:
    """Each message as a file of one JSON line, `DIR/sms/<id>.json`; the same id is the same file.

    For development and for a provider's own agent that collects them: it holds phone numbers.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: Message) -> None:
        """Write the file whole, durable on return."""
        line = json.dumps(
            {"id": message.id, "to": message.to, "text": message.text}, ensure_ascii=False
        )
        try:
            write_whole(self._folder / f"{message.id}.json", f"{line}\n".encode())
        except OSError as error:
            raise NotDelivered(error.strerror) from None
