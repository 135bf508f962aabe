"""application_open: the person has an application already."""

from kiosk.visit import Begin


def test_its_voucher_number_is_told_and_there_is_no_second(citizen, applications):
    number = citizen.served("zhang_san")
    citizen.tap("zhang_san", "reprint", "other_service")
    assert citizen.wait("menu").notice == f"您的申请 {number}：已提交，等待窗口受理"
    citizen.press("others", "new_individual")
    citizen.refused("application_open", number)
    assert len(applications()) == 1
    citizen.served()


def test_another_kiosk_was_faster(citizen, open_kiosk, applications, tmp_path):
    """Both asked before either handed in: the centre takes one, the other tells its number."""
    citizen.begin("zhang_san", to="signature")
    folder = tmp_path / "other"
    citizen.take()
    other = open_kiosk(data_dir=folder, kiosk_id="0018", id_reader_port=str(folder / "no_reader"))
    other.wait("home")
    other.kiosk.house.desk.say(
        Begin(other.kiosk.house.services["new_individual"], citizen.kiosk.house.desk.visit.facts)
    )
    assert other.view.step == "signature"
    other.sign()
    number = other.voucher()
    citizen.sign()
    citizen.refused("application_open", number)
    assert [row["voucher_no"] for row in applications()] == [number]
