"""What a new configuration costs a kiosk: to prove a document, to read it, to keep it, to have it.

Peers of the run: the same four files fetched over the same line without a proof, the same bytes
read by the JSON and TOML modules alone, and one bare fsync of as many bytes.

Run: python -m benchmarks.configuration
"""

# pyright: reportPrivateImportUsage=false
# (tuf documents its names where they are imported from)

import json
import os
import statistics
import tempfile
import threading
import time
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import (
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

from kiosk.app import translators
from kiosk.configuration.document import Document, parse
from kiosk.configuration.line import Line
from kiosk.configuration.store import Store
from kiosk.configuration.tuning import tuned
from kiosk.configuration.verified import Verifier
from kiosk.link import Centre
from kiosk.services.catalogue import catalogue
from kiosk.settings import Settings, load
from regulation.rules import load_rules

ROUNDS = 60
WARM = 5
RULES = Path("config/rules.toml").read_text("utf-8")
PATHS = ("timestamp.json", "snapshot.json", "targets.json")
DAY = timedelta(days=1)


def document(revision: int) -> bytes:
    """As large as they come: the whole table of rules, and settings."""
    told = {
        "schema": 1,
        "kiosk": load(None).kiosk_id,
        "revision": revision,
        "mode": "in_service",
        "settings": {"service.banks": ["重庆银行"], "patience.reading": 45},
        "rules": RULES,
        "texts": {"请把身份证放在亮灯处": {"zh": "请把身份证平放在亮灯处"}},
    }
    return json.dumps(told, ensure_ascii=False).encode()


class Signed:
    """A TUF repository of one document on a real port, signed anew at each `sign`."""

    def __init__(self) -> None:
        self._root_key, self._key = (CryptoSigner.generate_ed25519() for _ in range(2))
        self.path = f"kiosk/{load(None).kiosk_id}.json"
        root = Root(version=1, expires=_later(), consistent_snapshot=False)
        root.add_key(self._root_key.public_key, "root")
        for role in ("targets", "snapshot", "timestamp"):
            root.add_key(self._key.public_key, role)
        self.root = _signed(root, self._root_key)
        self.files: dict[str, bytes] = {}

    def sign(self, version: int) -> None:
        data = document(version)
        file = TargetFile.from_data(self.path, data, ["sha256"])
        file.unrecognized_fields["custom"] = {"revision": version}
        named = Targets(version=version, expires=_later(), targets={self.path: file})
        shot = Snapshot(version=version, expires=_later())
        shot.meta["targets.json"] = MetaFile(version=version)
        stamp = Timestamp(version=version, expires=_later(), snapshot_meta=MetaFile(version))
        for name, each in zip(PATHS, (stamp, shot, named), strict=True):
            self.files[f"metadata/{name}"] = _signed(each, self._key)
        self.files[f"targets/{self.path}"] = data


def measure() -> dict[str, float]:
    """Medians in ms, and their ratios to the peers."""
    with tempfile.TemporaryDirectory() as name:
        folder, signed = Path(name), Signed()
        http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(signed))
        threading.Thread(target=http.serve_forever, daemon=True).start()
        centre = Centre(f"http://127.0.0.1:{http.server_address[1]}", 5.0)
        try:
            return _measured(folder, signed, Line(centre))
        finally:
            centre.close()
            http.shutdown()
            http.server_close()


def _measured(folder: Path, signed: Signed, line: Line) -> dict[str, float]:
    (folder / "root.json").write_bytes(signed.root)
    kiosk, own = load(None).kiosk_id, load(None)
    proof = Verifier(
        folder / "root.json", folder / "metadata", kiosk, line, lambda: datetime.now(UTC)
    )
    had, store = _had(own), Store(folder / "kept")
    took: dict[str, list[float]] = {}
    for version in range(1, WARM + ROUNDS + 1):
        signed.sign(version)
        turns: dict[str, Callable[[], object]] = {
            "verify": proof.document,
            "fetch_alone": lambda: [line.fetch(path) for path in signed.files],
            "parse": lambda version=version: parse(document(version), own),
            "json_and_toml_alone": lambda version=version: tomllib.loads(
                json.loads(document(version))["rules"]
            ),
            "keep": lambda version=version: store.stage(version, document(version)),
            "bare_fsync": lambda version=version: _bare(folder / "bare", document(version)),
        }
        made = parse(document(version), own)
        turns["apply"] = lambda made=made: had(made)
        for side, act in turns.items():
            began = time.perf_counter()
            act()
            if version > WARM:
                took.setdefault(side, []).append((time.perf_counter() - began) * 1000)
    return _figures({f"{side}_ms": statistics.median(times) for side, times in took.items()})


def _figures(figures: dict[str, float]) -> dict[str, float]:
    return figures | {
        "document_kb": len(document(1)) / 1024,
        "verify_ratio": figures["verify_ms"] / figures["fetch_alone_ms"],
        "parse_ratio": figures["parse_ms"] / figures["json_and_toml_alone_ms"],
        "keep_ratio": figures["keep_ms"] / figures["bare_fsync_ms"],
        "apply_frames_of_60": figures["apply_ms"] / (1000 / 60),
    }


def _had(own: Settings) -> Callable[[Document], object]:
    """What is made anew on the main thread when a configuration is had: words and services."""
    speech, rules = translators(), load_rules(RULES)
    return lambda document: catalogue(tuned(own, rules, speech, document).rules)


def _bare(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _later() -> datetime:
    return datetime.now(UTC).replace(microsecond=0) + DAY


def _signed(signed: Any, key: CryptoSigner) -> bytes:
    metadata: Any = Metadata(signed)
    metadata.sign(key)
    return cast("bytes", metadata.to_bytes())


def _handler(signed: Signed) -> type[BaseHTTPRequestHandler]:
    class Talk(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet

        def do_GET(self) -> None:
            body = signed.files.get(self.path.removeprefix("/v1/kiosks/self/"))
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Nothing."""

    return Talk


if __name__ == "__main__":
    for title, figure in measure().items():
        print(f"{title:24} {figure:10.3f}")
