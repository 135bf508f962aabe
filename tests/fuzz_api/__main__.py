"""`make fuzz-api`: schemathesis with every check against a freshly seeded centre, on both stores.

It asks by the committed contract (`central/openapi.json`) and ends with 0 when nothing failed.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import httpx
from sqlalchemy import insert

from benchmarks.crowd import names, numbers
from central.database import URL, Database
from central.people.records import Person
from deploy.postgres import NAME
from deploy.program import ROOT, Program
from deploy.stage import PEOPLE as DEMO
from tests.fuzz_api.hooks import PEOPLE, PORTRAIT

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
        code = subprocess.call([str(word) for word in command], env=env, cwd=folder)
        taken = len(httpx.get(f"{url}/v1/applications?limit=200").json()["items"])
        print(f"{taken} applications were taken, or more", flush=True)
        return code or (taken == 0)  # nobody got past the schema: it shows nothing


@contextmanager
def serving(folder: Path, store: str):
    """A freshly seeded centre as a process, the public demo keys in its HSM; its address."""
    env = os.environ | {URL: os.environ[NAME] if store == "postgresql" else ""}
    central = [sys.executable, "-m", "central"]
    seed = [*central, "seed", str(DEMO), "--data", str(folder / "centre")]
    subprocess.run(seed, env=env, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    crowd(folder / "centre", env[URL])
    serve = [*central, "serve", "--port", "0", "--hsm", "demo", "--data", str(folder / "centre")]
    program = Program("centre", serve, folder / "centre.log", env=env)
    try:
        url = json.loads(program.line("{", START_S))["url"]
        name = hashlib.sha256(PORTRAIT).hexdigest()
        kind = {"Content-Type": "image/jpeg"}
        httpx.put(f"{url}/v1/images/{name}", content=PORTRAIT, headers=kind).raise_for_status()
        yield url
    finally:
        program.end()


def crowd(folder: Path, url: str) -> None:
    """Take in the people and the portrait that the hooks know."""
    with Database(folder, url=url) as database, database.write() as session:
        people = zip(numbers(PEOPLE), names(PEOPLE), strict=True)
        rows = [{"id_number": number, "name": name, "insured": True} for number, name in people]
        session.execute(insert(Person), rows)


if __name__ == "__main__":
    sys.exit(main())
