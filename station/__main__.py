"""`python -m station`: the card station at a window, until told to end."""

import argparse
import json
import logging
import signal
import sys
import threading
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

from hardware.card_transport import driver as card_transport
from hardware.card_transport.driver import CardFound, MotorSlot
from hardware.chip import CardSlot
from hardware.social_card.driver import PcscSlot
from hardware.social_card.profile import ProfileError, read_profile
from station.board import Board
from station.journal import Journal, JournalError
from station.link import Centre, Tls
from station.orders import Orders
from station.settings import PROFILES, Settings, SettingsError, read_settings
from station.status import served
from station.window import Outside, Time, Window
from station.writer import CardWriter


def main() -> int:
    """Write cards until SIGTERM or SIGINT: 0. What cannot be used or had is told: 2."""
    parser = argparse.ArgumentParser(prog="python -m station", description=__doc__)
    parser.add_argument("--config", type=Path, help="settings over config/station.toml")
    parser.add_argument("--port", type=int, help="of the status page; 0 takes a free one")
    arguments = parser.parse_args()
    logging.basicConfig(stream=sys.stderr, format="%(asctime)s %(message)s", level=logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        settings = read_settings(arguments.config)
        _run(settings, settings.station_port if arguments.port is None else arguments.port)
    except (SettingsError, ProfileError, JournalError, OSError) as error:
        print(f"station: {error}", file=sys.stderr)
        return 2
    return 0


def _run(settings: Settings, port: int) -> None:
    orders, board = Orders(), Board(_now)
    _end_by_signals(orders)
    profile = read_profile(PROFILES / "social_card.toml", settings.social_card_profile)
    with ExitStack() as opened:
        journal = opened.enter_context(closing(Journal(Path(settings.station_data_dir))))
        centre = opened.enter_context(closing(_centre(settings)))
        slot = opened.enter_context(closing(_slot(settings)))
        url = opened.enter_context(served(port, board, orders))
        print(json.dumps({"station": settings.station_id, "status": url}), flush=True)
        time = Time(_now, orders.ended.wait, insert_s=settings.station_insert_s)
        cards = CardWriter(slot, profile)
        Window(centre, cards, journal, Outside(orders, board), time).run()


def _now() -> datetime:
    return datetime.now(UTC).astimezone()


def _end_by_signals(orders: Orders) -> None:
    """A thread waits for them: a handler could come while its own thread holds an event's lock."""

    def wait() -> None:
        signal.sigwait(signals)
        orders.end()

    signals = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)  # of every thread made from now on
    threading.Thread(target=wait, name="signals", daemon=True).start()


def _centre(settings: Settings) -> Centre:
    tls = Tls(settings.central_certificate, settings.central_key, settings.central_ca)
    return Centre(settings.central_url, settings.station_id, settings.central_timeout_s, tls)


def _slot(settings: Settings) -> CardSlot:
    if settings.social_card_driver == "pcsc":
        return PcscSlot(settings.social_card_reader)
    try:
        file = PROFILES / "card_transport.toml"
        model = card_transport.read_profile(file, settings.social_card_model)
    except ValueError as error:
        raise SettingsError(f"social_card.model: {error}") from None
    return MotorSlot(
        settings.social_card_port, settings.social_card_baudrate, model, CardFound.LEAVE
    )


if __name__ == "__main__":
    sys.exit(main())
