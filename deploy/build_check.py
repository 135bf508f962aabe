"""`make build-check`: the built kiosk starts, paints, and left the workshop behind."""

import ast
import shutil
import sys

from deploy.eyes import UnseenError
from deploy.program import ROOT, ProgramError
from deploy.stage import Stage

PROGRAM = ROOT / "build" / "dist" / "kiosk" / "kiosk"
CONTENTS = ROOT / "build" / "work" / "kiosk" / "PYZ-00.toc"
FOLDER = ROOT / "build" / "check"
NOT_IN_THE_FIELD = {"central", "deploy", "bench", "simulator", "tests", "pytest", "benchmarks"}


def main() -> int:
    """Exit code 0 when the built kiosk shows its home screen; picture in build/check."""
    strays = [name for name in _modules() if set(name.split(".")[:3]) & NOT_IN_THE_FIELD]
    if strays:
        print(f"build-check: should not be built in: {', '.join(strays)}", file=sys.stderr)
        return 1
    shutil.rmtree(FOLDER, ignore_errors=True)
    try:
        with Stage(FOLDER, kiosk=[str(PROGRAM)]) as stage:
            seen = stage.eyes.wait(lambda seen: seen.step == "home")
            stage.screenshot().save(FOLDER / "home.png")
    except (ProgramError, UnseenError) as error:
        print(f"build-check: {error}", file=sys.stderr)
        return 1
    print(f"build-check: the built kiosk shows {seen}")
    return 0


def _modules() -> list[str]:
    """The modules built in, as PyInstaller lists them: (file, [(name, source, kind), …])."""
    _file, rows = ast.literal_eval(CONTENTS.read_text(encoding="utf-8"))
    return [name for name, _source, _kind in rows]


if __name__ == "__main__":
    sys.exit(main())
