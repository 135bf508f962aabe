"""解挂 and 换领 in a real window: a card found again, and a broken one replaced (规程 3.1, 6)."""

import pytest

from deploy.citizen import loss_release_self, replacement_self


@pytest.mark.journey
def test_a_found_card_and_then_a_broken_one(kiosk):
    """Two people, one after the other, each from home to home."""
    kiosk.does(loss_release_self())
    kiosk.does(replacement_self())
    rows = {row["service"]: row for row in kiosk.applications()}
    assert rows["loss_cancel"]["state"] == "DONE"
    assert rows["replace_individual"]["state"] == "SUBMITTED"
    assert "portrait" not in [image["kind"] for image in rows["replace_individual"]["images"]]
