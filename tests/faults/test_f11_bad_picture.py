"""F11: the portrait is too dark."""


def test_once_there_is_light_it_is_taken_again(citizen, applications):
    citizen.begin("zhang_san", to="portrait_ready")
    citizen.bench.do("camera", "light", light="off")
    citizen.press("take_picture")
    citizen.sees("F11", "way_again", "way_scan", detail="太暗")
    citizen.bench.do("camera", "light", light="on")
    citizen.press("way_again")
    citizen.to("done")
    citizen.voucher()
    assert applications()[0]["marks"] == []
    citizen.go_home()
    citizen.served("next")


def test_what_stays_dark_is_taken_and_the_window_judges_it(citizen, applications):
    citizen.begin("zhang_san", to="portrait_ready")
    citizen.bench.do("camera", "light", light="off")
    citizen.press("take_picture")
    for _ in range(2):
        citizen.sees("F11", "way_again", "way_scan", detail="太暗")
        citizen.press("way_again")
    citizen.wait("portrait_keep")
    citizen.to("done")
    citizen.voucher()
    assert applications()[0]["marks"] == ["portrait_review"]


def test_a_photo_on_paper_may_be_scanned_instead(citizen):
    citizen.begin("zhang_san", to="portrait_ready")
    citizen.bench.do("camera", "light", light="off")
    citizen.press("take_picture")
    citizen.sees("F11", "way_again", "way_scan", detail="太暗")
    citizen.press("way_scan")
    assert citizen.view.step == "portrait_scan"
