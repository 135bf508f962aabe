"""What the documents say of the doors is so."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))


def test_make_help_names_every_target():
    helped = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert set(re.findall(r"^make ([a-z-]+)", helped, re.MULTILINE)) == targets()


def test_no_target_is_mistaken_for_a_file():
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert phony
    assert set(phony[1].split()) == targets()


def test_every_package_says_why_it_is_needed():
    lines = (ROOT / "deploy" / "apt.txt").read_text("utf-8").splitlines()
    rows = [line for line in lines if line and not line.startswith("#")]
    assert rows
    assert [row for row in rows if not re.fullmatch(r"[a-z0-9.+|-]+ +# .+", row)] == []


def test_locks_have_hashes_and_no_addresses():
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text("utf-8")
        assert "://" not in text, lock.name
        names = re.findall(r"^[a-z0-9._\[\]-]+==", text, re.MULTILINE | re.IGNORECASE)
        blocks = re.split(r"\n(?=\S)", text.strip())
        assert len(names) == len(blocks), lock.name
        assert [block for block in blocks if "--hash=sha256:" not in block] == [], lock.name
