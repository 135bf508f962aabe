"""`python -m central fleet …`, as operators and demos type it."""

import json
import os

import pytest

from central.__main__ import main


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    """Runs a command: exit code, what it printed as JSON, and its refusal."""
    monkeypatch.setenv("DATABASE_URL", "")

    def run(*arguments):
        umask = os.umask(0o077)
        try:
            code = main(["fleet", *map(str, arguments), "--data", str(tmp_path / "data")])
        finally:
            os.umask(umask)
        said = capsys.readouterr()
        return code, json.loads(said.out) if said.out else None, said.err

    return run


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "document.json"
    path.write_text(json.dumps({"settings": {"service.window": "5"}}), encoding="utf-8")
    return path


@pytest.fixture
def with_keys(run, tmp_path):
    sticks = [tmp_path / "a", tmp_path / "b", tmp_path / "c"]
    assert run("keys", "--offline", *sticks)[0] == 0
    return sticks


def test_keys_then_a_document_then_status(run, with_keys, document):
    run("kiosk", "0017", "--group", "pilot", "--site", "渝中")
    code, said, _ = run("desire", "0017", document, "--by", "anna", "--approve", "bert")
    assert (code, said["revisions"]) == (0, {"0017": 1})
    (status,) = run("status")[1]
    assert (status["kiosk"], status["group"], status["site"]) == ("0017", "pilot", "渝中")
    assert (status["desired"], status["outcome"], status["reachable"]) == (1, "pending", False)


def test_a_rollout_and_its_acts(run, with_keys, document):
    run("kiosk", "0017", "--group", "pilot")
    run("kiosk", "0018", "--group", "pilot")
    run("kiosk", "0019", "--group", "hall")
    made = run("rollout", document, "--groups", "pilot", "*", "--soak-minutes", "0",
               "--by", "anna", "--approve", "bert")[1]  # fmt: skip
    assert (made["state"], made["group"], made["outcomes"]) == ("running", 0, [{"pending": 2}])
    number = made["rollout"]
    assert run("pause", number, "--by", "anna")[1]["state"] == "paused"
    assert run("resume", number, "--by", "anna")[1]["state"] == "running"
    assert run("roll-back", number, "--by", "anna")[1]["revisions"] == {"0017": 2, "0018": 2}
    assert run("rollouts")[1][0]["state"] == "stopped"
    code, _, told = run("pause", number, "--by", "anna")
    assert (code, "state does not allow" in told) == (2, True)


def test_one_person_alone_does_nothing(run, with_keys, document):
    code, _, told = run("desire", "0017", document, "--by", "anna", "--approve", "anna")
    assert (code, "second person" in told) == (2, True)
    assert run("status")[1] == []


def test_a_broken_document_names_the_place(run, with_keys, tmp_path):
    path = tmp_path / "broken.json"
    path.write_text('{"mode": "asleep"}')
    code, _, told = run("desire", "0017", path, "--by", "anna", "--approve", "bert")
    assert (code, "mode" in told) == (2, True)


def test_before_there_are_keys_the_cure_is_said(run, document, tmp_path):
    run("kiosk", "0017")
    code, _, told = run("desire", "0017", document, "--by", "anna", "--approve", "bert")
    assert code == 2
    code, _, told = run("rotate", "--offline", tmp_path)
    assert (code, "fleet keys" in told) == (2, True)


def test_rotation_needs_two_sticks(run, with_keys):
    assert run("rotate", "--offline", with_keys[0])[0] == 2
    code, said, _ = run("rotate", "--offline", *with_keys[:2], "--new", "online")
    assert (code, said["root"].endswith("2.root.json")) == (0, True)
    assert (with_keys[0] / "2.root.json").exists()


@pytest.mark.parametrize("number", ["17", "abcd", "00017"])
def test_a_number_that_is_none(run, number):
    assert run("kiosk", number)[0] == 2
