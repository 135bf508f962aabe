"""`python -m kiosk`: the kiosk; `check`: its devices; `rules`, `states`, `events`: about it."""

import sys

from kiosk import log


def main(argv: list[str]) -> int:
    """Run the kiosk, or the command named first."""
    match argv:
        case ["rules", *rest]:
            from regulation.rules_print import main as rules

            return rules(rest)
        case ["states", *rest]:
            from kiosk.crawl import main as states

            return states(rest)
        case ["check", *rest]:
            from kiosk.check import main as check

            return check(rest)
        case ["media-child"]:  # how the packed program starts the process that reads sticks
            from hardware.media.child import main as child

            return child()
        case ["events"]:
            print(log.catalogue(), end="")
            return 0
        case _:
            from kiosk.app import main as app

            return app(argv)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
