"""The table of faults is whole, and the page says what is tried."""

from pathlib import Path

import pytest

from tests.wire import page

DEVICES = {
    "auxiliaries", "camera", "card_transport", "id_reader", "media", "pin_pad", "printer",
    "social_card", "sound",
}  # fmt: skip


def test_every_device_has_its_rows():
    assert {module.DEVICE for module in page.modules()} == DEVICES


@pytest.mark.parametrize("module", page.modules(), ids=lambda module: module.DEVICE)
def test_a_device_has_a_row_for_every_kind_of_fault(module):
    assert page.missing(module) == set()


def test_the_page_is_the_rows():
    assert Path("docs/devices/faults.md").read_text("utf-8") == page.page(), (
        "python -m tests.wire.page > docs/devices/faults.md"
    )
