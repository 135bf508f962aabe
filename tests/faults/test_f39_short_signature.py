"""F39: the signature is too short to be one."""

DOT = ((0.5, 0.5), (0.51, 0.5))


def test_it_may_be_signed_again(citizen, applications):
    citizen.begin("zhang_san", to="signature")
    citizen.sign(DOT)
    citizen.sees("F39", "way_again", "way_sign_at_window", step="signature")
    citizen.press("way_again")
    citizen.sign()
    citizen.voucher()
    assert applications()[0]["signature"] == "screen"
    citizen.go_home()
    citizen.served()


def test_or_at_the_window(citizen, applications):
    citizen.begin("zhang_san", to="signature")
    citizen.sign(DOT)
    citizen.sees("F39", "way_again", "way_sign_at_window")
    citizen.press("way_sign_at_window")
    citizen.voucher()
    assert applications()[0]["signature"] == "window"
    assert "sign_at_window" in applications()[0]["marks"]


def test_nothing_at_all_is_no_signature(citizen):
    citizen.begin("zhang_san", to="signature")
    citizen.kiosk.say(citizen.view.pad.say(()))
    citizen.sees("F39", "way_again", "way_sign_at_window")
