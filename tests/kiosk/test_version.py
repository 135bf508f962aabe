import tomllib
from pathlib import Path

from kiosk import VERSION


def test_the_program_says_the_version_that_the_project_has():
    project = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == VERSION
