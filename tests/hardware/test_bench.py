"""The bench as a process: real drivers against it, moved by the dock's API."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from PIL import Image

from hardware.camera.driver import Camera
from hardware.fault import DeviceFault
from hardware.id_reader.driver import IdReader, NoPaper, Reading, Unreadable
from hardware.printer.document import Text
from hardware.printer.driver import Printer, PrinterFault

ROOT = Path(__file__).parents[2]
DEVICES = (
    "id_reader", "printer", "camera", "document_camera", "pin_pad", "auxiliaries", "media",
    "sound", "social_card",
)  # fmt: skip


class Running:
    """A bench process, what it said, and its dock."""

    def __init__(self, state_dir: Path, *more: str) -> None:
        command = [sys.executable, "-m", "hardware.bench", "--state-dir", str(state_dir), *more]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.line = self.process.stdout.readline()
        if not self.line:
            pytest.fail(f"the bench did not start: {self.process.communicate()[1]}")
        self.at: dict[str, str] = json.loads(self.line)
        self.http = httpx.Client(base_url=self.at["dock"], timeout=10)

    def post(self, path: str, **body: object) -> None:
        answer = self.http.post(f"/api/{path}", json=body)
        assert answer.status_code == 200, answer.text

    def state(self, device: str) -> dict[str, object]:
        return self.http.get("/api/state").json()[device]

    def end(self, number: int) -> tuple[int, str]:
        self.http.close()
        self.process.send_signal(number)
        _, errors = self.process.communicate(timeout=20)
        return self.process.returncode, errors


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("bench"), "--dock-port", "0")
    yield running
    code, errors = running.end(signal.SIGTERM)
    assert (code, errors) == (0, "")


@pytest.fixture(autouse=True)
def mended(request: pytest.FixtureRequest) -> Iterator[None]:
    """Leave the bench as it was found."""
    yield
    if "bench" not in request.fixturenames:
        return
    bench: Running = request.getfixturevalue("bench")
    for device in DEVICES:
        bench.post(f"{device}/fault", kind="none")
    bench.post("printer/free")
    bench.post("printer/state", paper="full", cover="closed", cutter="ok", bytes_per_s=0)
    bench.post("id_reader/remove")


@pytest.fixture
def reader(bench: Running) -> Iterator[IdReader]:
    reader = IdReader(bench.at["id_reader"])
    yield reader
    reader.close()


def read(reader: IdReader, timeout_s: float = 5) -> Reading | NoPaper | Unreadable:
    return reader.read(threading.Event(), timeout_s)


def test_it_says_where_everything_is(bench: Running) -> None:
    assert set(bench.at) == {*DEVICES, "dock"}
    link = Path(bench.at["id_reader"])
    assert link.is_symlink()
    assert json.loads((link.parent / "bench.json").read_text("utf-8")) == bench.at


def test_the_page_is_one_file_that_asks_nobody_else(bench: Running) -> None:
    page = bench.http.get("/")
    assert page.headers["content-type"].startswith("text/html")
    assert "http://" not in page.text
    assert "https://" not in page.text
    assert "innerHTML" not in page.text


def test_a_placed_card_is_read_and_a_removed_one_is_not(bench: Running, reader: IdReader) -> None:
    assert isinstance(read(reader, 0), NoPaper)
    bench.post("id_reader/place", person="elder_rare_name")
    assert bench.state("id_reader")["person"] == "elder_rare_name"
    reading = read(reader)
    assert isinstance(reading, Reading)
    assert (reading.name, reading.number) == ("王䶮", "50010319490315001X")
    bench.post("id_reader/remove")
    assert bench.state("id_reader")["person"] is None
    assert not reader.present()


@pytest.mark.parametrize("row", range(26))
def test_every_demo_person_can_be_used(bench: Running, reader: IdReader, row: int) -> None:
    people = bench.http.get("/api/people").json()
    assert len(people) == 26
    person = people[row]
    answer = bench.http.post("/api/id_reader/place", json={"person": person["key"]})
    if not person["id_card"]:
        assert answer.status_code == 400
        assert "no ID card" in answer.json()["error"]
        return
    outcome = read(reader)
    if person["fault"]:
        assert isinstance(outcome, Unreadable)
        return
    assert isinstance(outcome, Reading)
    assert (outcome.name, outcome.number) == (person["name"], person["id_number"])
    assert outcome.kind == ("hmt_residence" if outcome.number.startswith("81") else "resident")


@pytest.mark.parametrize("kind", ["unplug", "silence", "flip_bit 75", "delay 30.0"])
def test_a_broken_reader_is_a_fault_until_it_is_mended(
    bench: Running, reader: IdReader, kind: str
) -> None:
    bench.post("id_reader/place", person="zhang_san")
    bench.post("id_reader/fault", kind=kind)
    assert bench.state("id_reader")["fault"] == kind
    with pytest.raises(DeviceFault):
        read(reader, 0)
    bench.post("id_reader/fault", kind="none")
    assert isinstance(read(reader), Reading)


@pytest.mark.parametrize("name", ["camera", "document_camera"])
def test_cameras_show_and_fail_each_for_itself(bench: Running, name: str) -> None:
    camera = Camera(bench.at[name], name)
    camera.start()
    try:
        assert camera.take(10).mean() > 80
        bench.post(f"{name}/fault", kind="unplug")
        with pytest.raises(DeviceFault) as caught:
            camera.take(2)
        assert caught.value.detail == "camera_inoperable"
        other = ({"camera", "document_camera"} - {name}).pop()
        assert bench.state(other)["fault"] == "none"
        bench.post(f"{name}/fault", kind="none")
        assert camera.take(15).mean() > 80
    finally:
        assert camera.stop()


def test_a_portrait_can_be_laid_under_the_document_camera(bench: Running) -> None:
    bench.post("document_camera/scene", scene="portrait")
    assert bench.state("document_camera")["scene"] == "portrait"
    bench.post("document_camera/scene", scene="page")
    assert bench.http.post("/api/printer/scene", json={"scene": "page"}).status_code == 404


def test_a_printed_slip_is_counted_and_shown(bench: Running) -> None:
    before = bench.http.get("/api/printer/slips").json()["count"]
    Printer(bench.at["printer"]).print([Text("自助业务受理凭证")])
    assert bench.http.get("/api/printer/slips").json()["count"] == before + 1
    assert bench.state("printer")["slips"] == before + 1
    for which in ("last", str(before + 1)):
        answer = bench.http.get(f"/api/printer/slips/{which}.png")
        assert answer.headers["content-type"] == "image/png"
        with Image.open(BytesIO(answer.content)) as slip:
            assert slip.width == 576
            assert slip.convert("L").getextrema() == (0, 255)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("printer/state", {"paper": "out"}),
        ("printer/state", {"cover": "open"}),
        ("printer/state", {"cutter": "error"}),
        ("printer/fault", {"kind": "unplug"}),
        ("printer/fault", {"kind": "silence"}),
        ("printer/state", {"jam_after": 10}),
    ],
)
def test_a_printer_that_cannot_print_is_a_fault_until_it_is_mended(
    bench: Running, path: str, body: dict[str, object]
) -> None:
    before = bench.http.get("/api/printer/slips").json()["count"]
    bench.post(path, **body)
    printer = Printer(bench.at["printer"])
    with pytest.raises(PrinterFault) as caught:
        printer.print([Text("自助业务受理凭证", size=2)] * 4)
    assert bench.state("printer")["slips"] == before
    bench.post("printer/fault", kind="none")
    bench.post("printer/free")
    bench.post("printer/state", paper="full", cover="closed", cutter="ok")
    printer.print([Text("自助业务受理凭证")])
    stub = caught.value.begun  # what hung out is cut off, marked void, before the next slip
    assert bench.state("printer")["slips"] == before + stub + 1


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "says"),
    [
        ("POST", "id_reader/place", {"person": "nobody"}, 400, "nobody has the key"),
        ("POST", "id_reader/place", {}, 400, "person"),
        ("POST", "id_reader/place", "{", 400, "JSON"),
        ("POST", "id_reader/place", "x" * 5000, 400, "too long"),
        ("POST", "printer/state", {"paper": "some"}, 400, "paper"),
        ("POST", "printer/state", {"lid": "open"}, 400, "lid"),
        ("POST", "printer/fault", {"kind": "dark"}, 400, "a fault begins with one of"),
        ("POST", "camera/fault", {"kind": "delay long"}, 400, "'long' is not possible"),
        ("POST", "camera/fault", {}, 400, "kind"),
        ("POST", "media/insert", {"folder": "/nowhere"}, 400, "no folder"),
        ("POST", "auxiliaries/contact", {"contact": "bell", "word": "on"}, 400, "bell"),
        ("POST", "social_card/insert", {"person": "zhang_san"}, 400, "slot is shut"),
        ("POST", "scanner/fault", {"kind": "none"}, 404, "scanner"),
        ("POST", "camera/scene", {"scene": "sea"}, 400, "portrait"),
        ("GET", "printer/slips/0.png", None, 404, "no slip"),
        ("GET", "printer/slips/99999.png", None, 404, "no slip"),
        ("GET", "printer/slips/first.png", None, 404, "no slip"),
        ("GET", "nothing", None, 404, "Not Found"),
        ("GET", "id_reader/place", None, 405, "Method Not Allowed"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    bench: Running, method: str, path: str, body: object, status: int, says: str
) -> None:
    content = body if isinstance(body, str) else None if body is None else json.dumps(body)
    answer = bench.http.request(method, f"/api/{path}", content=content)
    assert answer.status_code == status
    assert says in answer.json()["error"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_and_leaves_nothing(tmp_path: Path, number: int) -> None:
    running = Running(tmp_path)
    camera = Camera(running.at["camera"])
    camera.start()
    assert camera.take(10) is not None
    assert running.end(number) == (0, "")
    assert camera.stop()
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_config_starts_nothing(tmp_path: Path) -> None:
    config = tmp_path / "bench.toml"
    config.write_text('people = "gone.toml"', encoding="utf-8")
    command = [sys.executable, "-m", "hardware.bench", "--config", str(config)]
    done = subprocess.run(
        [*command, "--state-dir", str(tmp_path / "state")],
        cwd=ROOT, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stdout == ""
    assert "gone.toml: cannot be read" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_taken_port_is_said(bench: Running, tmp_path: Path) -> None:
    port = bench.at["dock"].rstrip("/").rsplit(":", 1)[1]
    command = [sys.executable, "-m", "hardware.bench", "--dock-port", port]
    done = subprocess.run(
        [*command, "--state-dir", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert f"port {port} is taken" in done.stderr
    assert list(tmp_path.iterdir()) == []
