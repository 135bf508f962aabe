"""A centre that signs: a small TUF repository, and a real server that a test can make lie.

The keys are made anew for each; nothing here is the real centre's code, only its contract.
"""

import contextlib
import http.client
import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

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

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)
BASE = "/v1/kiosks/self/"


class Repository:
    """What is signed. `files` are the bytes by name, as the API's paths end."""

    def __init__(self, kiosk="0017", now=NOW):
        self.kiosk, self.now, self.files = kiosk, now, {}
        self.roots = [CryptoSigner.generate_ed25519() for _ in range(3)]
        self.keys = {name: CryptoSigner.generate_ed25519() for name in ("targets", "online")}
        self.version, self.path, self.document = 0, f"kiosk/{kiosk}.json", None
        self.root = Root(version=1, expires=now + 365 * DAY, consistent_snapshot=False)
        self.root.roles["root"].threshold = 2
        for key in self.roots:
            self.root.add_key(key.public_key, "root")
        for role, key in (("targets", "targets"), ("snapshot", "online"), ("timestamp", "online")):
            self.root.add_key(self.keys[key].public_key, role)
        self.first_root = self._signed(self.root, *self.roots[:2])
        self.sign()

    def put(self, document, revision=13, **how):
        """Sign a document as the newest; a mapping or bytes."""
        self.revision = revision
        if not isinstance(document, bytes):
            document = json.dumps(document, ensure_ascii=False).encode()
        self.document = document
        self.sign(**how)

    def sign(self, *, path=None, life=7 * DAY, version=None, targets=None, online=None):
        """Sign what is there anew, perhaps with other keys."""
        self.version = version or self.version + 1
        named = Targets(version=self.version, expires=self.now + life)
        if self.document is not None:
            path = path or self.path
            target = TargetFile.from_data(path, self.document, ["sha256"])
            target.unrecognized_fields["custom"] = {"revision": self.revision}
            named.targets[path] = target
            self.files[f"targets/{path}"] = self.document
        targets, online = targets or self.keys["targets"], online or self.keys["online"]
        shot = Snapshot(version=self.version, expires=self.now + life)
        shot.meta["targets.json"] = MetaFile(version=self.version)
        stamp = Timestamp(version=self.version, expires=self.now + min(life, DAY))
        stamp.snapshot_meta = MetaFile(version=self.version)
        self._put("targets", named, targets)
        self._put("snapshot", shot, online)
        self._put("timestamp", stamp, online)

    def rotate(self, *signers):
        """A second root, with another online key, signed by these root keys."""
        self.root.version += 1
        old, self.keys["online"] = self.keys["online"], CryptoSigner.generate_ed25519()
        for role in ("snapshot", "timestamp"):
            self.root.revoke_key(old.public_key.keyid, role)
            self.root.add_key(self.keys["online"].public_key, role)
        self._put(f"{self.root.version}.root", self.root, *signers)
        self.sign()

    def altered(self, name, change):
        """Change a file that is signed already."""
        self.files[name] = change(self.files[name])

    def _put(self, name, signed, *signers):
        self.files[f"metadata/{name}.json"] = self._signed(signed, *signers)

    @staticmethod
    def _signed(signed, *signers):
        metadata = Metadata(signed)
        for signer in signers:
            metadata.sign(signer, append=True)
        return metadata.to_bytes()


class Server:
    """The centre's paths of configuration on a real port; others are handed on to a real centre.

    `desired` is the revision that is told; it waits like the centre when asked to. `reports` are
    the kiosk's, in order; `cut` ends a file's answer after so many bytes; `broken` paths are 503,
    with `later` as their header `Retry-After`; a `mute` one hangs up on every report.
    """

    def __init__(self, repository, centre_port=0, tls=None):
        self.centre_port = centre_port
        self.repository, self.desired, self.reports, self.asked = repository, 0, [], []
        self.asks, self.answers = [], []  # what operators ask the kiosk for, and what it answers
        self.cut, self.broken, self.told = {}, set(), threading.Condition()
        self.later, self.mute = "", False
        self.closed = False
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _Talk)
        self._http.daemon_threads = True
        self._http.centre = self
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        if tls is not None:
            self._http.socket = tls.wrap_socket(self._http.socket, server_side=True)
            self.url = self.url.replace("http:", "https:")
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,))
        self._thread.start()

    def push(self, revision):
        """Tell every kiosk that waits."""
        with self.told:
            self.desired = revision
            self.told.notify_all()

    def away(self):
        """The headers of who is sent away."""
        return {"Retry-After": self.later} if self.later else {}

    def close(self):
        with self.told:
            self.closed = True
            self.told.notify_all()
        if self._thread.is_alive():
            self._http.shutdown()
            self._thread.join()
            self._http.server_close()

    def answer(self, path, headers):
        """Status, headers and body of a GET."""
        if path in self.broken:
            return 503, self.away(), b"{}"
        if path == "asks":
            return 200, {}, json.dumps({"asks": self.asks}).encode()
        if path != "desired":
            body = self.repository.files.get(path)
            return (404, {}, b"{}") if body is None else (200, {}, body)
        known, wait = headers.get("If-None-Match", ""), headers.get("Prefer", "")
        with self.told:
            if wait:
                seconds = float(wait.removeprefix("wait="))
                self.told.wait_for(lambda: known != f'"{self.desired}"' or self.closed, seconds)
            tag = {"ETag": f'"{self.desired}"'}
            if known == tag["ETag"]:
                return 304, tag, b""
            return 200, tag, json.dumps({"revision": self.desired}).encode()


class _Talk(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet

    def do_POST(self):
        self._hand_on()

    def _hand_on(self):
        """Whatever is no matter of configuration is the real centre's."""
        length = int(self.headers.get("Content-Length", 0))
        centre = http.client.HTTPConnection("127.0.0.1", self.server.centre.centre_port, timeout=30)
        with contextlib.closing(centre):
            centre.request(self.command, self.path, self.rfile.read(length), dict(self.headers))
            answer = centre.getresponse()
            kind = {"Content-Type": answer.headers.get("Content-Type", "")}
            self._say(answer.status, kind, answer.read())

    def do_GET(self):
        if not self.path.startswith(BASE):
            self._hand_on()
            return
        centre, path = self.server.centre, self.path.removeprefix(BASE)
        with centre.told:
            centre.asked.append((path, self.headers.get("Prefer", "")))
            centre.told.notify_all()
        status, headers, body = centre.answer(path, self.headers)
        self._say(status, headers, body, centre.cut.get(path))

    def do_PUT(self):
        if not self.path.startswith(BASE):
            self._hand_on()
            return
        centre = self.server.centre
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if centre.mute:
            self.close_connection = True
            return
        if "reported" in centre.broken:
            self._say(503, centre.away(), b"{}")
            return
        if self.path.startswith(f"{BASE}asks/"):
            with centre.told:
                centre.answers.append(body)
                centre.told.notify_all()
            self._say(204, {}, b"")
            return
        with centre.told:
            centre.reports.append(body)
            centre.told.notify_all()
        told = {"next_s": 60, "jitter_s": 20, "asks": len(centre.asks)}
        self._say(200, {}, json.dumps(told).encode())

    def _say(self, status, headers, body, cut=None):
        if self.server.centre.closed:
            self.close_connection = True
            return
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:cut])
        if cut is not None:
            self.close_connection = True

    def log_message(self, *_args):
        """Nothing."""
