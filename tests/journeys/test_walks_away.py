"""Somebody who walks away leaves nothing readable, and no paper unguarded."""

import pytest


@pytest.mark.journey
def test_silence_ends_at_home_and_a_paper_is_guarded(impatient):
    impatient.presses("new_individual")
    impatient.sees("who", "F36")
    impatient.presses("dialog:primary")
    impatient.sees("who")
    impatient.presses("self")
    impatient.presses("primary")
    impatient.sees("applicant")
    impatient.stage.dock.place("zhang_san")
    impatient.sees("person_check")
    impatient.sees("person_check", "F36")
    impatient.sees("take_paper")
    guarded = impatient.sees("take_paper", "F37")
    assert not guarded.widgets, "home is blocked while the paper lies there"
    impatient.sees("take_paper", "F38")
    impatient.stage.dock.remove()
    impatient.sees("home")
    assert impatient.applications() == []
    log = (impatient.stage.folder / "kiosk" / "events.log").read_text("utf-8")
    assert "张三" not in log
    assert "11010519491231002X" not in log
