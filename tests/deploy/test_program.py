import signal
import sys
import time
from pathlib import Path

import pytest

from deploy import program as programs
from deploy.program import Program, ProgramError


def python(folder, text, name="worker"):
    return Program(name, [sys.executable, "-u", "-c", text], folder / f"{name}.log")


def test_a_program_says_when_it_is_ready(tmp_path):
    text = "import time; print('hello'); print('{\"url\": 1}'); time.sleep(60)"
    with python(tmp_path, text) as worker:
        assert worker.line("{", 10) == '{"url": 1}'
        worker.check()
    assert (tmp_path / "worker.log").read_text("utf-8") == 'hello\n{"url": 1}\n'


def test_an_early_end_is_told_with_name_code_and_last_words(tmp_path):
    text = "import sys; print('no port', file=sys.stderr); sys.exit(7)"
    with (
        python(tmp_path, text, "centre") as worker,
        pytest.raises(ProgramError, match=r"centre ended with code 7\n  no port"),
    ):
        worker.line("{", 10)


def test_an_end_later_is_noticed(tmp_path):
    with python(tmp_path, "print('{}')") as worker:
        worker.line("{", 10)
        worker.wait()
        with pytest.raises(ProgramError, match="ended with code 0"):
            worker.check()


def test_a_silent_program_is_not_waited_for_for_ever(tmp_path):
    with (
        python(tmp_path, "import time; time.sleep(60)") as worker,
        pytest.raises(ProgramError, match=r"not ready after 0\.2 s; it said nothing"),
    ):
        worker.line("{", 0.2)


def test_a_program_that_will_not_end_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr(programs, "END_S", 0.2)
    text = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("{}")
time.sleep(60)
"""
    worker = python(tmp_path, text)
    worker.line("{", 10)
    assert worker.end() == -signal.SIGKILL


def test_children_end_with_their_program(tmp_path):
    text = "import subprocess; child = subprocess.Popen(['sleep', '600']); print(child.pid); child.wait()"
    worker = python(tmp_path, text)
    child = int(worker.line("", 10))
    worker.end()
    assert ended(child)


def test_a_program_ends_with_whoever_started_it(tmp_path):
    text = f"""
import os, signal
from pathlib import Path
from deploy.program import Program
command = ["sh", "-c", "echo up; exec sleep 600"]
sleeper = Program("sleeper", command, Path({str(tmp_path)!r}) / "sleeper.log")
sleeper.line("up", 10)
print("pid", sleeper.pid)
os.kill(os.getpid(), signal.SIGKILL)
"""
    with python(tmp_path, text) as starter:
        pid = int(starter.line("pid", 20).split()[1])
        assert starter.wait() == -signal.SIGKILL
    assert ended(pid)


def ended(pid):
    deadline = time.monotonic() + 10
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)  # a foreign process gives no other signal
    return not alive(pid)


def alive(pid):
    try:
        status = Path(f"/proc/{pid}/stat").read_text("utf-8")
    except FileNotFoundError:
        return False
    return status.rsplit(")", 1)[1].split()[0] != "Z"
