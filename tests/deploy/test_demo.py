import io
import json

import pytest
import segno

from deploy.demo import DemoError, demo, qr_of


@pytest.mark.journey
@pytest.mark.slow
def test_a_citizen_gets_a_voucher_that_the_centre_knows(tmp_path):
    demo(tmp_path / "demo", "new_individual")
    folder = tmp_path / "demo"
    report = json.loads((folder / "report.json").read_text("utf-8"))
    assert [row["step"] for row in report["steps"]][0::14] == ["home", "home"]
    assert all((folder / row["picture"]).is_file() for row in report["steps"])
    assert report["application"]["applicant"]["number"] == "11010519491231002X"
    assert (folder / "slip.png").is_file()


def test_a_slip_without_a_code_is_refused():
    blank = io.BytesIO()
    segno.make_micro("1").save(blank, kind="png", dark="white")
    with pytest.raises(DemoError, match="0 QR codes"):
        qr_of(blank.getvalue())
