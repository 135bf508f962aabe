"""`python -m hardware.bench.station`: a station's reader and blank cards, until told to end.

Prints one JSON line: `social_card`, where the reader is, and `dock`, whose orders are those of the
kiosk's dock: `POST /api/social_card/{insert, take, break}`, `POST /api/social_card/fault`,
`GET /api/state`; `GET /api/social_card/made` is the card that was inserted last, which the
kiosk's dock takes with `POST /api/social_card/carry`.
"""

import argparse
import json
import signal
import sys
import tempfile
import threading
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeVar

import uvicorn
from pydantic import BaseModel, Field, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hardware.bench.card_reader import CardReader, MotorReader
from hardware.bench.pcsc import PcscdError
from hardware.bench.people import BenchError, sentence
from hardware.bench.refusal import Refusal
from hardware.bench.rigs import Nothing, Order
from hardware.social_card.blank_card import BlankCard
from hardware.wire.faults import Kind, parse

_CHONGQING, _FILL = bytes.fromhex("500000D156000005"), bytes.fromhex("FFFFFFFF")
_FIRST = 0x90000000
"""Above the numbers that the people's cards are likely to have."""
_LARGEST_BODY = 4096

T = TypeVar("T", bound=BaseModel)


class BreakOrder(Order):
    """The chip is lost at its n-th command from now; with `brown_out` it has carried it out.

    The contacts open for a moment, or with `pull` the card is out for good.
    """

    at: int = Field(ge=1, le=1000)
    brown_out: bool = False
    pull: bool = False


class FaultOrder(Order):
    """A fault in its language (hardware/wire/faults.py): `silence`, `none`."""

    kind: str = Field(max_length=200)


class BreakingCard(BlankCard):
    """A blank that is lost at a command, once."""

    def __init__(self, card_id: bytes, pull: Callable[[], object]) -> None:
        super().__init__(card_id)
        self._pull = pull
        self._break = BreakOrder(at=1000)
        self._left = 0

    def break_at(self, order: BreakOrder) -> None:
        """Break as ordered, counted from now."""
        self._break, self._left = order, order.at

    def transmit(self, command: bytes) -> bytes:
        """Give the R-APDU; nothing at the command it breaks at."""
        self._left -= 1
        if self._left:
            return super().transmit(command)
        if self._break.brown_out:
            super().transmit(command)
        if self._break.pull:
            self._pull()
        return b""


class StationBench:
    """One reader, and as many fresh blanks as are asked for; any thread may call it."""

    def __init__(self, driver: str, folder: Path, baudrate: int, first: int) -> None:
        if driver == "pcsc":
            self._slot = CardReader(folder / "pcscd")
            self._pull: Callable[[], object] = self._slot.take
        else:
            self._slot = MotorReader(folder / "social_card", baudrate)
            self._pull = self._slot.mechanism.tear
        self._hands = threading.RLock()
        self._number = first
        self._card: BreakingCard | None = None
        self._in_hand: BreakingCard | None = None  # the slot did not take it yet

    def start(self) -> str:
        """Put the reader on the bench and give its address; OSError, PcscdError."""
        self._slot.start()
        return self._slot.address

    def stop(self) -> None:
        """Take it off the bench."""
        self._slot.stop()

    def insert(self, _order: Nothing) -> None:
        """Insert a blank that was never used."""
        with self._hands:
            card_id = _CHONGQING + self._number.to_bytes(4, "big") + _FILL
            card = self._in_hand = self._in_hand or BreakingCard(card_id, self._pull)
            if not self._slot.insert(card_id.hex(), lambda: card):
                raise Refusal("the slot is shut, or there is a card in it", HTTPStatus.CONFLICT)
            self._number += 1
            self._card, self._in_hand = card, None

    def take(self, _order: Nothing) -> None:
        """Take the card: out of a dip reader at any moment, of a motorised one at its gate."""
        self._slot.take()

    def break_(self, order: BreakOrder) -> None:
        """Lose the chip of the card that was inserted last, at a command."""
        if self._card is None:
            raise Refusal("no card was inserted yet", HTTPStatus.CONFLICT)
        self._card.break_at(order)

    def fault(self, order: FaultOrder) -> None:
        """Let the reader go wrong; `none` mends it."""
        try:
            fault = parse(order.kind)
        except ValueError as error:
            raise Refusal(str(error)) from None
        with self._hands:
            self._slot.go_right()
            if fault.kind is not Kind.NONE:
                self._slot.go_wrong(fault)

    def made(self) -> dict[str, Any]:
        """Give the card that was inserted last, to be carried to another bench."""
        if self._card is None:
            raise Refusal("no card was inserted yet", HTTPStatus.CONFLICT)
        return self._card.kept()

    def state(self) -> dict[str, Any]:
        """Give what is seen of the reader, and of the card that was inserted last."""
        seen = {"personalised": self._card.personalised if self._card else None}
        return {"social_card": {**self._slot.state(), **seen}}


def dock(bench: StationBench) -> Starlette:
    """Give the web application that acts on this bench."""
    routes = [
        Route("/api/state", _asked(bench.state)),
        Route("/api/social_card/made", _asked(bench.made)),
        _act("insert", Nothing, bench.insert),
        _act("take", Nothing, bench.take),
        _act("break", BreakOrder, bench.break_),
        _act("fault", FaultOrder, bench.fault),
    ]
    return Starlette(routes=routes, exception_handlers={Refusal: _refused})


def _asked(question: Callable[[], dict[str, Any]]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(_: Request) -> Response:
        return JSONResponse(question())

    return endpoint


def _act(name: str, order: type[T], do: Callable[[T], None]) -> Route:
    async def endpoint(request: Request) -> Response:
        data = await request.body()
        if len(data) > _LARGEST_BODY:
            raise Refusal("the body is too long for an order to a device")
        try:
            do(order.model_validate_json(data or b"{}"))
        except ValidationError as error:
            raise Refusal(sentence(error)) from None
        return JSONResponse({"ok": True})

    return Route(f"/api/social_card/{name}", endpoint, methods=["POST"])


async def _refused(_: Request, error: Exception) -> Response:
    status = getattr(error, "status", HTTPStatus.BAD_REQUEST)
    return JSONResponse({"error": str(error)}, status)


def main() -> int:
    """Start the reader and its dock, say where they are, and wait for SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m hardware.bench.station", description=__doc__)
    parser.add_argument("--state-dir", type=Path, help="default: a new temporary directory")
    parser.add_argument("--driver", choices=("crt591", "pcsc"), default="crt591")
    parser.add_argument("--baudrate", type=int, default=9600, help="crt591: the pace of its line")
    parser.add_argument("--dock-port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--first", type=int, default=_FIRST, help="the number of the first blank")
    arguments = parser.parse_args()
    folder = arguments.state_dir or Path(tempfile.mkdtemp(prefix="station-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    bench = StationBench(arguments.driver, folder, arguments.baudrate, arguments.first)
    for number in (signal.SIGTERM, signal.SIGINT):  # uvicorn raises its signal again at its end
        signal.signal(number, lambda _number, _frame: None)
    try:
        _serve(bench, arguments.dock_port)
    except (BenchError, PcscdError, OSError) as error:
        print(f"bench: {error}", file=sys.stderr)  # noqa: T201 - a program's answer
        return 2
    return 0


def _serve(bench: StationBench, port: int) -> None:
    try:
        address = bench.start()
        config = uvicorn.Config(
            dock(bench), port=port, log_level="warning", access_log=False, lifespan="off"
        )
        _Server(config, address).run()
    finally:
        bench.stop()


class _Server(uvicorn.Server):
    """Says where it is once it listens; ends by SIGTERM and SIGINT, as uvicorn does."""

    def __init__(self, config: uvicorn.Config, reader: str) -> None:
        super().__init__(config)
        self._reader = reader

    async def startup(self, sockets: list[Any] | None = None) -> None:
        """Start, then tell where."""
        await super().startup(sockets)
        port = self.servers[0].sockets[0].getsockname()[1]
        print(  # noqa: T201 - a program's answer
            json.dumps({"social_card": self._reader, "dock": f"http://127.0.0.1:{port}/"}),
            flush=True,
        )


if __name__ == "__main__":
    sys.exit(main())
