"""The centre's side of a card write, small and strict: real HTTP, the software HSM behind it."""

import hashlib
import json
import queue
import threading
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import uvicorn
from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response

from central.hsm.demo import open_demo
from central.hsm.port import Card, Challenge, Opens

TEXTS = {
    "card_number": "B00000017",
    "social_number": "11010519491231002X",
    "name": "买买提·阿卜杜拉𠮷",
    "sex": "2",
    "nation": "01",
    "birthplace": "110105",
    "born": "19491231",
    "issuer": "91500000000000000000",
    "issued": "20261123",
    "expires": "20361123",
    "version": "3.00",
    "kind": "3",
}


def expected(texts, identifier):
    whole = json.dumps(
        texts | {"card_id": identifier}, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(whole.encode()).hexdigest()


class NoError(Exception):
    def __init__(self, status, problem):
        super().__init__(problem)
        self.status, self.problem = status, problem


@dataclass
class CardWrite:
    texts: dict
    seconds: float
    state: str = "offered"
    identifier: str = ""
    reason: str = ""
    confirms: int = 0
    blank: object = None
    ended: threading.Event = field(default_factory=threading.Event)


class Contract:
    """What the station asks is answered at once; `asked` has the steps in their order.

    `hook(step, moment)` is called `before` and `after` each step, and may raise or kill.
    """

    def __init__(self):
        self.writes, self.answers, self.asked = {}, {}, []
        self.hook = lambda _step, _moment: None
        self.devices = set()
        self.polled = threading.Semaphore(0)
        self.hsm = None
        self.url = ""

    def offer(self, seconds=60.0, **changes):
        write_id = str(uuid.uuid4())
        self.writes[write_id] = CardWrite(TEXTS | changes, seconds)
        return write_id

    def app(self):
        app = FastAPI()

        @app.get("/v1/stations/self/card-write")
        def poll(request: Request):
            return self._told("poll", request, b"", lambda _body: self._poll())

        @app.post("/v1/card-writes/{write_id}/{step}")
        async def act(write_id: str, step: str, request: Request):
            body = await request.body()
            handler = getattr(self, "_" + step.replace("-", "_"))
            write = self.writes.get(write_id)
            return self._told(step, request, body, lambda read: handler(write, read))

        return app

    def _told(self, step, request, body, handler):
        self.devices.add(request.headers.get("X-Device"))
        self.asked.append(step)
        self.hook(step, "before")
        key = request.headers.get("Idempotency-Key")
        assert (key is not None) == (step in ("start", "initial-pin", "confirm", "reverse"))
        try:
            if key in self.answers:
                before, answer = self.answers[key]
                assert before == body
            else:
                answer = handler(json.loads(body or b"{}"))
                if key:
                    self.answers[key] = (body, answer)
        except NoError as no:
            return JSONResponse(
                {"type": f"urn:social-card:problem:{no.problem}", "status": no.status},
                no.status,
                media_type="application/problem+json",
            )
        self.hook(step, "after")
        return Response(status_code=204) if answer is None else JSONResponse(answer)

    def _poll(self):
        self.polled.release()
        for write_id, write in self.writes.items():
            if write.state in ("offered", "started"):
                ends = datetime.now(UTC) + timedelta(seconds=write.seconds)
                return {
                    "write_id": write_id,
                    "expires_at": ends.isoformat(),
                    "personalisation": write.texts,
                }
        return None

    def _start(self, write, body):
        other = write.state == "started" and write.identifier != body["identifier"]
        if write.state not in ("offered", "started") or other:
            raise NoError(409, "card-write-over")
        write.state, write.identifier = "started", body["identifier"]
        return {}

    def _authentication(self, write, body):
        self._genuine(write, body)
        return self._external(Opens.PERSONALISE, body)

    def _holder(self, write, body):
        self._genuine(write, body)
        return self._external(Opens.HOLDER, body)

    def _pin_authentication(self, write, body):
        self._running(write, body)
        return self._external(Opens.PIN_RESET, body)

    def _initial_pin(self, write, body):
        card = self._running(write, body)
        header = bytes.fromhex(body["header"])
        assert header == bytes.fromhex("84240001")
        return {"apdu": self.hsm.initial_pin(card, header, bytes.fromhex(body["challenge"])).hex()}

    def _confirm(self, write, body):
        if write.state == "reversed":
            raise NoError(409, "card-write-over")
        assert write.identifier == body["identifier"]
        assert body["atr"] == "3B6D000000815443435086330102030405"
        if body["data_sha256"] != expected(write.texts, write.identifier):
            raise NoError(422, "card-write-differs")
        write.state = "confirmed"
        write.confirms += 1
        write.ended.set()
        return {"state": "confirmed"}

    def _reverse(self, write, body):
        if write is None:
            return {"state": "reversed"}
        if write.state == "confirmed":
            raise NoError(409, "card-write-confirmed")
        if write.state != "reversed":
            write.reason, write.blank = body["reason"], body["identifier"]
        write.state = "reversed"
        write.ended.set()
        return {"state": "reversed"}

    def _running(self, write, body):
        if write.state not in ("started", "confirmed"):
            raise NoError(409, "card-write-over")
        assert body["card_id"] == write.identifier
        return Card(bytes.fromhex(body["card_id"]), body["algorithm"])

    def _genuine(self, write, body):
        card, inner = self._running(write, body), body["internal"]
        if self.hsm.internal(card, _challenge(inner)).hex().upper() != inner["answer"]:
            raise NoError(409, "card-not-genuine")

    def _external(self, opens, body):
        card = Card(bytes.fromhex(body["card_id"]), body["algorithm"])
        external = _challenge(body["external"])
        return {"external": (self.hsm.external(opens, card, external) + external.factor).hex()}


def _challenge(body):
    return Challenge(bytes.fromhex(body["factor"]), bytes.fromhex(body["source"]))


@contextmanager
def served(contract, port=0, **tls):
    """Serve it on a thread; `url` is where. Once on, no connection is refused."""
    started = queue.SimpleQueue()

    class Server(uvicorn.Server):
        async def startup(self, sockets=None):
            await super().startup(sockets)
            started.put(self.servers[0].sockets[0].getsockname()[1])

    config = uvicorn.Config(
        contract.app(), port=port, log_level="critical", access_log=False, lifespan="off", **tls
    )
    with TemporaryDirectory() as folder:
        contract.hsm = open_demo(Path(folder))
    server = Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    port = started.get(timeout=20)
    contract.url = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
    try:
        yield contract
    finally:
        server.should_exit = True
        thread.join()
