"""An agent applies for a child that has only a household book, in English and large type."""

import pytest


@pytest.mark.journey
def test_a_child_with_a_household_book(kiosk):
    kiosk.presses("language")
    kiosk.stage.eyes.wait(lambda now: now.language == "en")
    kiosk.presses("large")
    kiosk.stage.eyes.wait(lambda now: now.large)
    kiosk.presses("new_individual")
    kiosk.sees("who")
    kiosk.presses("agent_minor")
    kiosk.presses("primary")
    kiosk.sees("applicant")
    kiosk.presses("other_paper")
    kiosk.sees("other_paper")
    kiosk.presses("household_register")
    kiosk.sees("page_ready")
    kiosk.presses("take_picture")
    kiosk.sees("page_keep")
    kiosk.presses("primary")
    kiosk.sees("paper_number")
    kiosk.types("990001201906010085")
    kiosk.presses("primary")
    kiosk.sees("paper_name")
    kiosk.types_name([("li", "李"), ("xiao", "小"), ("yu", "雨")])
    kiosk.presses("primary")
    kiosk.sees("agent")
    kiosk.stage.dock.place("agent")
    kiosk.sees("person_check")
    kiosk.presses("primary")
    kiosk.sees("phone")
    kiosk.presses("no_phone")
    kiosk.sees("address")
    kiosk.presses("primary")
    kiosk.sees("bank")
    kiosk.presses("bank_1")
    kiosk.sees("portrait_choice")
    kiosk.presses("none")
    kiosk.sees("review")
    kiosk.presses("primary")
    kiosk.sees("signature")
    kiosk.presses("sign_at_window")
    kiosk.sees("give_paper")
    kiosk.stage.dock.remove()
    assert kiosk.sees("done").large
    kiosk.presses("finish")
    home = kiosk.sees("home")
    home = kiosk.stage.eyes.wait(lambda now: now.step == "home" and not now.large)
    assert home.language == "zh_CN", "the next person begins in Chinese, in normal type"

    (row,) = kiosk.applications()
    assert row["applicant_kind"] == "agent_minor"
    assert row["applicant"]["paper"] == "household_register"
    assert row["applicant"]["name"] == "李小雨"
    assert row["agent"]["number"] == "50010319850612019X"
    assert row["signature"] == "window"
    assert "portrait" not in [image["kind"] for image in row["images"]]
    assert kiosk.stage.dock.slips() == 1
