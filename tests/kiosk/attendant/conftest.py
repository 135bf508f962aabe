"""The bench with every device, for whoever looks at devices here."""

from pathlib import Path

import pytest

from hardware.bench.devices import Bench
from hardware.bench.settings import Settings as BenchSettings
from hardware.camera.driver import Camera
from hardware.worker import Worker
from kiosk.devices import Devices
from kiosk.settings import load


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    made = Bench(BenchSettings(), Path("config"), tmp_path_factory.mktemp("bench"))
    try:
        made.start()
        for name in ("camera", "document_camera"):  # their scenes are drawn when first looked at
            camera = Camera(made.addresses(0)[name], name)
            camera.start()
            camera.take(20)
            camera.close()
        yield made
    finally:
        made.stop()


@pytest.fixture
def devices(bench, tmp_path, monkeypatch):
    """The drivers of a kiosk that has every device of the bench but a pad of steel."""
    at = bench.addresses(0)
    monkeypatch.setenv("ALSA_CONFIG_PATH", at["sound"])
    path = tmp_path / "kiosk.toml"
    ports = "".join(
        f'[{name}]\nport = "{at[name]}"\n{more}'
        for name, more in (
            ("id_reader", ""),
            ("printer", ""),
            ("social_card", 'driver = "crt591"\n'),
            ("auxiliaries", 'driver = "modbus"\n'),
        )
    )
    cameras = "".join(
        f'[{name}]\nsource = "{at[name]}"\n' for name in ("camera", "document_camera")
    )
    rest = f'[media]\nmount_root = "{at["media"]}"\n[sound]\ndevice = "speaker"\n'
    path.write_text(ports + cameras + rest, "utf-8")
    made = Devices(load(path), printer_s=1.0)
    yield made
    made.close()


@pytest.fixture
def workers():
    made = {name: Worker(name) for name in Devices.NAMES}
    yield made
    for each in made.values():
        each.stop()
