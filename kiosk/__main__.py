"""`python -m kiosk`: the kiosk; `check`, `enrol`: its devices, its certificate; others about it."""

import sys
from collections.abc import Callable

from kiosk.last_words import say_no_more
from kiosk.no_dumps import leave_no_dump
from kiosk.zeroise import wipe_what_is_freed


def main(argv: list[str]) -> int:
    """Run the kiosk, or the command named first."""
    leave_no_dump()
    match argv:
        case ["rules", *rest]:
            from regulation.rules_print import main as command
        case ["states", *rest]:
            from kiosk.crawl import main as command
        case ["check", *rest]:
            from kiosk.check import main as command
        case ["enrol", *rest]:
            from kiosk.enrol import main as command
        case ["media-child"] | ["sheet-child", _]:
            return _child(*argv)
        case ["attendants", *rest]:
            from kiosk.attendant.people import main as command
        case ["open-log" | "verify-log" | "certificates" as kept, *rest]:
            command = _of_what_is_kept(kept)
        case ["events" | "event-names", *_]:
            from kiosk.event_catalogue import main as command

            rest = argv
        case rest:
            wipe_what_is_freed()
            say_no_more()
            from kiosk.app import main as command
    return command(rest)


def _of_what_is_kept(name: str) -> Callable[[list[str]], int]:
    """The command for what a kiosk has written down."""
    match name:
        case "open-log":
            from kiosk.attendant.sealed import main as command
        case "verify-log":
            from kiosk.logs.verify import main as command
        case _:
            from kiosk.readiness.command import main as command
    return command


def _child(name: str, descriptor: str = "") -> int:
    """How the packed program starts the process that reads sticks, or a unit's workbook."""
    if name == "media-child":
        from hardware.media.child import main as child

        return child()
    from kiosk.batch.sheet_child import main as reads

    return reads(descriptor)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
