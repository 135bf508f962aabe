"""`python -m kiosk`: the kiosk; `check`, `enrol`: its devices, its certificate; others about it."""

import sys

from kiosk import log
from kiosk.zeroise import wipe_what_is_freed


def main(argv: list[str]) -> int:
    """Run the kiosk, or the command named first."""
    match argv:
        case ["rules", *rest]:
            from regulation.rules_print import main as command
        case ["states", *rest]:
            from kiosk.crawl import main as command
        case ["check", *rest]:
            from kiosk.check import main as command
        case ["enrol", *rest]:
            from kiosk.enrol import main as command
        case ["media-child"]:  # how the packed program starts the process that reads sticks
            from hardware.media.child import main as child

            return child()
        case ["sheet-child", descriptor]:  # and the one that reads a unit's workbook
            from kiosk.batch.sheet_child import main as reads

            return reads(descriptor)
        case ["attendants", *rest]:
            from kiosk.attendant.people import main as command
        case ["open-log", *rest]:
            from kiosk.attendant.sealed import main as command
        case ["events"]:
            print(log.catalogue(), end="")
            return 0
        case rest:
            wipe_what_is_freed()
            from kiosk.app import main as command
    return command(rest)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
