"""Every device keeps its quality.yaml: what is done, with the tests that show it, what is exempt."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DEVICES = sorted(
    path.parent for path in (ROOT / "hardware").glob("*/driver.py") if path.parent.name != "bench"
)
ASKED = {
    "golden_bytes",
    "real_transport",
    "unplug",
    "silence",
    "garbage",
    "slow",
    "power_cycle",
    "leaks",
    "manual_page",
    "wire_faults",
    "nothing_personal_shown",
    "held_by_another_program",
    "cancel",
}
"""What every device has to answer for."""


def rows(device: Path) -> dict[str, dict[str, str]]:
    return yaml.safe_load((device / "quality.yaml").read_text("utf-8"))


@pytest.mark.parametrize("device", DEVICES, ids=lambda device: device.name)
class TestQuality:
    def test_every_question_is_answered(self, device):
        assert ASKED - set(rows(device)) == set()

    def test_an_answer_is_done_or_exempt_with_words(self, device):
        for name, row in rows(device).items():
            assert len({"done", "exempt"} & set(row)) == 1, name
            assert all(str(text).strip() for text in row.values()), name

    def test_what_is_done_names_files_and_tests_that_there_are(self, device):
        for name, row in rows(device).items():
            text = row.get("done", "")
            for path in re.findall(r"\b(?:tests|docs|benchmarks)/[\w/.]+\.(?:py|md)\b", text):
                assert (ROOT / path).exists(), f"{name}: {path}"
            for test in re.findall(r"\btest_\w+(?!\w*\.py)\b", text):
                if (ROOT / "tests" / "hardware" / f"{test}.py").exists():
                    continue
                assert defined(test), f"{name}: {test}"

    def test_there_is_a_page_and_a_table_of_faults(self, device):
        assert (ROOT / "docs" / "devices" / f"{device.name}.md").exists()
        shared = {"document_camera": "camera"}
        name = shared.get(device.name, device.name)
        assert (ROOT / "tests" / "wire" / f"test_{name}.py").exists()


def defined(test: str) -> bool:
    """Whether a test of that name, or one that begins so, stands in the tests of the devices."""
    files = [*(ROOT / "tests" / "hardware").rglob("*.py"), *(ROOT / "tests" / "wire").glob("*.py")]
    return any(f"def {test}" in file.read_text("utf-8") for file in files)


def test_all_devices_are_here():
    assert {device.name for device in DEVICES} == {
        "auxiliaries", "camera", "card_transport", "id_reader", "media", "pin_pad", "printer",
        "social_card", "sound",
    }  # fmt: skip
