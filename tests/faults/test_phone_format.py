"""phone_format: a number that no mobile telephone has."""


def test_it_may_be_typed_again(citizen):
    citizen.begin("zhang_san", to="phone")
    citizen.type("23800138000")
    citizen.sees("phone_format", "way_again", "way_home", step="phone")
    citizen.press("way_again")
    citizen.to("done")
    citizen.voucher()


def test_five_times_and_then_the_window(citizen):
    citizen.begin("zhang_san", to="phone")
    for _ in range(5):
        citizen.type("23800138000")
        citizen.sees("phone_format", "way_again", "way_home")
        citizen.press("way_again")
    citizen.type("23800138000")
    citizen.refused("phone_format")
    citizen.served()
