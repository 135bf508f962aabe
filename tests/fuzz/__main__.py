"""`python -m tests.fuzz [NAME…] [--runs N] [--out FILE]`: coverage-guided inputs for each decoder.

Needs atheris (`make fuzz` installs it beside the project, not into it). Each target runs in a
process of its own: an exception, a second without an end or 512 MB end it, and are a find.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SLOWEST_S = 1
MOST_MB = 512
LONGEST = 2400

HEAD = """# Any bytes

Made by `make fuzz`; do not edit. Every decoder of bytes from outside, each fed with inputs that
atheris (libFuzzer) bends to reach new code, from golden bytes on. A find is an exception other
than the decoder's own, an input that takes longer than a second, or 512 MB.

| decoder | what it decodes | inputs | finds | seconds |
| --- | --- | --- | --- | --- |
"""


def search(name: str, runs: int) -> None:
    """Fuzz one target in this process; never returns."""
    import atheris

    with atheris.instrument_imports(include=["hardware", "regulation", "central"]):
        from tests.fuzz.targets import SEEDS, TARGETS

    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(SEEDS[name]):
            (Path(corpus) / str(number)).write_bytes(seed)
        limits = [f"-runs={runs}", f"-max_len={LONGEST}", f"-timeout={SLOWEST_S}"]
        limits += [f"-rss_limit_mb={MOST_MB}", "-print_final_stats=1", "-artifact_prefix=build/"]
        atheris.Setup([sys.argv[0], *limits, corpus], TARGETS[name])
        atheris.Fuzz()


def count(name: str, runs: int) -> tuple[int, int, float]:
    """Fuzz one target in a process of its own: inputs, finds, seconds."""
    began = time.monotonic()
    command = [sys.executable, "-m", "tests.fuzz", "--one", name, "--runs", str(runs)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"stat::number_of_executed_units:\s*(\d+)", done.stderr)
    if done.returncode or not found:
        sys.stderr.write(done.stderr[-3000:])
    return int(found[1]) if found else 0, int(done.returncode != 0), time.monotonic() - began


def main() -> int:
    """1 when anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--runs", type=int, default=1_000_000)
    parser.add_argument("--out", type=Path, help="write the page here")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        search(asked.one, asked.runs)
    from tests.fuzz.targets import TARGETS

    rows, finds = [], 0
    for name in asked.names or TARGETS:
        inputs, found, seconds = count(name, asked.runs)
        words = (TARGETS[name].__doc__ or "").rstrip(".")
        rows.append(f"| `{name}` | {words} | {inputs:,} | {found} | {seconds:.0f} |")
        print(rows[-1], flush=True)
        finds += found
    if asked.out:
        asked.out.write_text(HEAD + "\n".join(rows) + "\n", "utf-8")
    return int(finds > 0)


if __name__ == "__main__":
    sys.exit(main())
