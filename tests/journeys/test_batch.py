"""A unit's clerk in a real window: a list from a stick, two rows mended, handed in (规程 1.2)."""

import io
from pathlib import Path

import httpx
import pytest
import zxingcpp
from PIL import Image

from deploy.acts import Place, Plug, Remove, Sign, Tap, Type, Unplug
from deploy.card_lists import HEAD, csv_of, known, people, pictures
from deploy.citizen import At
from deploy.stage import SMALL, Stage
from tests.journeys.conftest import Person

NUMBER, PHONE = HEAD.index("证件号码"), HEAD.index("手机")
PEOPLE = Path("config/people.toml")
ROWS = list(people(6, minors=0.0))
PIECE = 1 << 20
TO_LIST = (
    At("home", (Tap("new_batch"),)),
    At("notice", (Tap("primary"),)),
    At("applicant", (Place("agent"),)),
    At("person_check", (Tap("primary"),)),
)
SIGNED = (
    At("batch_review", (Tap("primary"),)),
    At("signature", (Sign(), Tap("primary"))),
)


def mistaken():
    """The list with two mistakes."""
    rows = [list(row) for row in ROWS]
    number = rows[1][NUMBER]
    rows[1][NUMBER] = number[:-1] + ("1" if number[-1] != "1" else "2")
    rows[4][PHONE] = "138"
    return rows


@pytest.fixture
def town(tmp_path):
    """Everybody of the demo, and the people of the list: the centre knows them."""
    path = tmp_path / "people.toml"
    path.write_text(f"{PEOPLE.read_text('utf-8')}\n{known(ROWS)}", "utf-8")
    return path


@pytest.fixture
def kiosk(tmp_path, town):
    with Stage(tmp_path / "stage", people=town, window=SMALL) as stage:
        yield Person(stage)


@pytest.fixture
def stick(tmp_path):
    folder = tmp_path / "stick"
    folder.mkdir()
    for name, data in pictures(ROWS).items():
        (folder / name).write_bytes(data)
    return folder


def batches(stage):
    answer = httpx.get(
        f"{stage.centre_url}/v1/batches", params={"kiosk_id": "0017"}, trust_env=False
    )
    return answer.raise_for_status().json()["batches"]


@pytest.mark.journey
def test_a_list_on_a_stick_is_mended_and_handed_in(kiosk, stick):
    """规程 1.2.1(1), 1.2.2(2)."""
    (stick / "list.csv").write_bytes(csv_of([HEAD, *mistaken()]))
    kiosk.does((*TO_LIST, At("list_source", (Tap("stick"),)), At("stick", (Plug(stick),))))
    kiosk.sees("rows")
    kiosk.does(
        (
            At("rows", (Tap("edit:line_2"),)),
            At("row", (Tap("number"),)),
            At("mend_digits", (Type(ROWS[1][NUMBER]), Tap("primary"))),
            At("rows", (Tap("edit:line_5"),)),
            At("row", (Tap("phone"),)),
            At("mend_digits", (Type(ROWS[4][PHONE]), Tap("primary"))),
            *SIGNED,
            At("give_stick", (Unplug(),)),
            At("give_paper", (Remove(),)),
        )
    )
    kiosk.sees("done")
    (batch,) = batches(kiosk.stage)
    assert sum(batch["members"].values()) == len(ROWS)
    codes = zxingcpp.read_barcodes(Image.open(io.BytesIO(kiosk.stage.dock.slip("last"))))
    assert any(batch["batch_no"] in code.text for code in codes)
    kiosk.does((At("done", (Tap("finish"),)), At("home")))


@pytest.mark.journey
def test_a_list_from_a_phone_is_handed_in(kiosk, stick):
    """Scanned from the screen, sent by whatever browser the clerk has."""
    (stick / "list.csv").write_bytes(csv_of([HEAD, *ROWS]))
    kiosk.does((*TO_LIST, At("list_source", (Tap("phone"),))))
    kiosk.sees("phone_files")
    (code,) = zxingcpp.read_barcodes(kiosk.stage.screenshot())
    with httpx.Client(trust_env=False, timeout=20) as phone:
        assert phone.get(code.text).status_code == httpx.codes.OK
        for path in sorted(stick.iterdir()):
            sends(phone, code.text, path)
    kiosk.presses("primary")
    kiosk.does((*SIGNED, At("give_paper", (Remove(),)), At("done", (Tap("finish"),)), At("home")))
    (batch,) = batches(kiosk.stage)
    assert sum(batch["members"].values()) == len(ROWS)


def sends(phone, page, path):
    """What the page's script does with a file."""
    data = path.read_bytes()
    told = phone.post(f"{page}/files", json={"name": path.name, "size": len(data)})
    n = told.raise_for_status().json()["n"]
    for offset in range(0, len(data), PIECE):
        headers = {"Content-Type": "application/octet-stream", "Upload-Offset": str(offset)}
        piece = data[offset : offset + PIECE]
        phone.patch(f"{page}/files/{n}", content=piece, headers=headers).raise_for_status()
