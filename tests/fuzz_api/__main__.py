"""`make fuzz-api`: schemathesis with every check against a freshly seeded centre, on both stores.

It asks by the committed contract (`central/openapi.json`) and ends with 0 when nothing failed.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from central.database import URL
from deploy.postgres import NAME
from deploy.program import ROOT, Program
from deploy.stage import PEOPLE

CONTRACT = ROOT / "central" / "openapi.json"
CONFIG = Path(__file__).with_name("schemathesis.toml")
START_S = 60.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz_api", description=__doc__)
    parser.add_argument("--max-examples", type=int, default=100, help="for each operation")
    parser.add_argument("--seed", type=int, help="of an earlier run, to repeat it")
    parser.add_argument("--store", choices=("sqlite", "postgresql"), action="append")
    chosen = parser.parse_args()
    codes = [fuzz(store, chosen) for store in chosen.store or ("sqlite", "postgresql")]
    return max(codes)


def fuzz(store: str, chosen: argparse.Namespace) -> int:
    """Run schemathesis against a centre on the store; its exit code."""
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), store) as url:
        print(f"---- {store}", flush=True)
        command = [Path(sys.executable).with_name("schemathesis"), "--config-file", CONFIG]
        command += ["run", CONTRACT, "--url", url, "--checks", "all", "--no-color"]
        command += ["--max-examples", str(chosen.max_examples), "--continue-on-failure"]
        command += ["--warnings", "off"]
        if chosen.seed is not None:
            command += ["--seed", str(chosen.seed)]
        env = os.environ | {"PYTHONPATH": str(ROOT)}
        return subprocess.call([str(word) for word in command], env=env, cwd=folder)


@contextmanager
def serving(folder: Path, store: str):
    """A freshly seeded centre as a process, the public demo keys in its HSM; its address."""
    env = os.environ | {URL: os.environ[NAME] if store == "postgresql" else ""}
    central = [sys.executable, "-m", "central"]
    seed = [*central, "seed", str(PEOPLE), "--data", str(folder / "centre")]
    subprocess.run(seed, env=env, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    serve = [*central, "serve", "--port", "0", "--hsm", "demo", "--data", str(folder / "centre")]
    program = Program("centre", serve, folder / "centre.log", env=env)
    try:
        yield json.loads(program.line("{", START_S))["url"]
    finally:
        program.end()


if __name__ == "__main__":
    sys.exit(main())
