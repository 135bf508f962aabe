"""What every route of the centre works with, opened once and closed once."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, Self

from fastapi import Depends, Request

from central.applications.codes import VoucherCodes, open_codes
from central.clock import Clock, china_now
from central.database import Database
from central.fees.schedule import Schedule, load_schedule
from central.files import made_once
from central.fleet.bell import Bell
from central.hsm.loader import KeyLoader
from central.hsm.opening import NO_HSM, open_hsm
from central.hsm.port import Hsm
from central.idempotency import Running
from central.images.opening import open_vault_of
from central.images.vault import Vault
from central.trust.authority import Authority, open_authority
from central.trust.settings import Trust
from central.users.oidc_settings import Provider
from regulation.rules import Rules
from regulation.terms import Calendar

SECRET_FILE = "secret"  # noqa: S105 - the file's name
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator may choose.

    `window` is where vouchers send people; `agent_daily_limit` how many applications one agent may
    bring in a day (failure F40); `hsm` where the card keys are, a name of `central.hsm.opening`;
    `fees` what a card costs; `region` the 行政区划 whose card numbers it gives, and
    `card_write_minutes` how long a prepared card write waits for its station.
    `batch_partial` lets a unit submit the good rows of a list that has wrong ones; `loss_kind` is
    what a loss report is, formal or temporary, for `loss_days` (A14); `app_code` and `phone_code`
    stand in the voucher numbers of those channels; `outlets` tells which outlet a kiosk stands
    in, itself where it is not named.
    `oidc` is the console's identity provider, `step_in` who may work on another outlet's cases.
    `mode` "production" refuses what is for trying only; `trust` is how devices are known.
    `wrong_cards_an_hour`: so many cards that are not genuine, and a kiosk gets no card keys.
    `phone_url` is how phones reach the centre, where that is not how its kiosks do.
    `pin_reset_notice`: whether a holder is told of an agent's PIN reset alone, or of each.
    """

    window: str = "3"
    agent_daily_limit: int = 5
    hsm: str = NO_HSM
    fees: Schedule = field(default_factory=load_schedule)
    region: str = "500000"
    card_write_minutes: int = 10
    batch_partial: bool = False
    loss_kind: Literal["formal", "temporary"] = "formal"
    loss_days: int = 7
    app_code: str = "APP1"
    phone_code: str = "TEL1"
    outlets: Mapping[str, str] = field(default_factory=dict[str, str])
    oidc: Provider | None = None
    step_in: Literal["supervisors", "everybody"] = "supervisors"
    mode: Literal["development", "production"] = "development"
    trust: Trust = field(default_factory=Trust)
    wrong_cards_an_hour: int = 10
    phone_url: str = ""
    pin_reset_notice: Literal["agent", "always"] = "agent"


@dataclass(frozen=True, slots=True)
class Centre:
    """An open centre: its store and folder, its secret, the rules, the calendar.

    `hsm` holds the card keys, `loader` takes new ones; None in a centre without. `authority`
    gives devices their certificates, `codes` vouchers theirs, `bell` wakes kiosks that wait.
    """

    database: Database
    folder: Path
    secret: bytes
    rules: Rules
    calendar: Calendar
    settings: Settings = field(default_factory=Settings)
    clock: Clock = china_now
    running: Running = field(default_factory=Running)
    bell: Bell = field(default_factory=Bell)
    hsm: Hsm | None = None
    loader: KeyLoader | None = None
    authority: Authority = field(kw_only=True)
    codes: VoucherCodes = field(kw_only=True)
    vault: Vault = field(kw_only=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.database.close()
        if self.hsm is not None:
            self.hsm.close()


def open_centre(  # noqa: PLR0913, PLR0917 - each is a part of a centre
    folder: Path,
    rules: Rules,
    calendar: Calendar,
    settings: Settings | None = None,
    clock: Clock = china_now,
    url: str | None = None,
) -> Centre:
    """Open the centre in a folder, its tables at a URL; where there are none they are made."""
    settings = settings or Settings()
    database = Database(folder, url=url)
    try:
        keys, trust = open_hsm(settings.hsm, folder), settings.trust
        secret = voucher_secret(folder)
        return Centre(
            database=database,
            folder=folder,
            secret=secret,
            rules=rules,
            calendar=calendar,
            settings=settings,
            clock=clock,
            hsm=keys.hsm,
            loader=keys.loader,
            authority=open_authority(folder, trust.ca_key, trust.ca_certificate, clock),
            codes=open_codes(folder, secret),
            vault=open_vault_of(database, folder),
        )
    except BaseException:  # whatever it was: the store is not left open behind it
        database.close()
        raise


def _centre(request: Request) -> Centre:
    return request.app.state.centre


Here = Annotated[Centre, Depends(_centre)]
"""The open centre, as a route's parameter."""


def voucher_secret(folder: Path) -> bytes:
    """The key of one-time codes, and of vouchers' codes before they were signed."""
    return made_once(folder / SECRET_FILE, lambda: secrets.token_bytes(SECRET_BYTES))
