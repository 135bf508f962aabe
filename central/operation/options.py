"""What an operator writes: `central.toml`, or flags of `serve`, which go before it.

A file is TOML with the sections below; every key has a default, and one that is unknown, of another
type, or impossible is refused by name. `[centre]` has the keys of `central.centre.Settings`.
"""

import dataclasses
import json
import tomllib
from pathlib import Path
from typing import Any, Literal, Self, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model, model_validator

from central.centre import Settings
from central.database import StoreError
from central.fees.schedule import load_schedule
from central.hsm.opening import hsm_name
from central.schemas import Strict
from central.trust.settings import Trust
from central.users.oidc_settings import load_provider

CONFIG = Path(__file__).parent.parent.parent / "config"
_OWN = frozenset({"fees", "oidc", "mode", "trust"})
"""Fields of `Settings` that `[centre]` does not have: they have a file, or a section."""


class Serving(Strict):
    """`[server]`: where the centre listens, and how it runs."""

    host: str = "127.0.0.1"
    port: int = Field(8010, ge=0, le=65535)
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    workers: int = Field(1, ge=1, le=64)
    metrics_port: int | None = Field(None, ge=0, le=65535)
    log: Literal["text", "json"] = "text"

    @model_validator(mode="after")
    def _both(self) -> Self:
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("TLS needs both, tls_certificate and tls_key")
        return self


def _serving() -> "Serving":
    return Serving.model_validate({})


class TrustSection(Strict):
    """`[trust]`: as `central.trust.settings.Trust`; `client_ca` signs client certificates."""

    mode: Literal["open", "tls", "proxy"] = "open"
    ca_key: Path | None = None
    ca_certificate: Path | None = None
    client_ca: Path | None = None
    proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    confirm: bool = False
    limits: bool | None = None

    def trust(self) -> Trust:
        """The same for the centre."""
        return Trust(**self.model_dump(exclude={"client_ca"}))


class Store(Strict):
    """`[store]`: where the tables are, when the environment does not say (`DATABASE_URL`)."""

    database_url_file: Path | None = None


class Files(Strict):
    """`[files]`: what has a file of its own, and is read when the centre begins."""

    rules: Path = CONFIG / "rules.toml"
    workdays: Path = CONFIG / "workdays.toml"
    fees: Path = CONFIG / "fees.toml"
    oidc: Path | None = None


def _centre_section() -> type[BaseModel]:
    """`[centre]`: the simple fields of `Settings`, with their types and defaults."""
    types, made = get_type_hints(Settings), Settings()
    fields: dict[str, Any] = {
        field.name: (types[field.name], getattr(made, field.name))
        for field in dataclasses.fields(Settings)
        if field.name not in _OWN
    }
    config = ConfigDict(extra="forbid", strict=True, frozen=True)
    return create_model("CentreSection", __config__=config, **fields)


CENTRE_SECTION = _centre_section()


class Options(Strict):
    """A whole file."""

    mode: Literal["development", "production"] = "development"
    server: Serving = Field(default_factory=_serving)
    trust: TrustSection = Field(default_factory=TrustSection)
    store: Store = Field(default_factory=Store)
    files: Files = Field(default_factory=Files)
    centre: Any = None  # of the type `_FILE` gives it

    @model_validator(mode="after")
    def _hsm(self) -> Self:
        if self.centre is not None:
            hsm_name(self.centre.hsm)
        return self

    @model_validator(mode="after")
    def _tls(self) -> Self:
        if self.trust.mode == "tls" and self.server.tls_certificate is None:
            raise ValueError(
                'trust "tls" needs [server] tls_certificate and tls_key: python -m '
                "deploy.certificates makes a pair to try with"
            )
        return self

    def settings(self) -> Settings:
        """The settings of the centre. Raises what its files' readers raise."""
        simple = {name: getattr(self.centre, name) for name in CENTRE_SECTION.model_fields}
        oidc = load_provider(self.files.oidc) if self.files.oidc else None
        return Settings(
            **simple,
            fees=load_schedule(self.files.fees),
            oidc=oidc,
            mode=self.mode,
            trust=self.trust.trust(),
        )

    def database_url(self) -> str | None:
        """The URL in the file named for it; None leaves it to the environment."""
        path = self.store.database_url_file
        return None if path is None else path.read_text("utf-8").strip()


_FILE = create_model(
    "File", __base__=Options, centre=(CENTRE_SECTION, Field(default_factory=CENTRE_SECTION))
)


def load(path: Path | None, flags: dict[str, dict[str, Any]] | None = None) -> Options:
    """The options of a file, with flags (`{section: {key: value}}`, "" for the top) before it.

    Raises `StoreError` naming the file and each key that is wrong.
    """
    table = _read(path) if path else {}
    for section, keys in (flags or {}).items():
        if section:
            table[section] = {**table.get(section, {}), **keys}
        else:
            table |= keys
    try:
        # By way of JSON: there a list is a tuple and a text a path, and still nothing is converted.
        return _FILE.model_validate_json(json.dumps(table, default=str))
    except ValidationError as error:
        faults = [
            f"{path or 'serve'}: {'.'.join(map(str, fault['loc'])) or 'file'}: {fault['msg']}"
            for fault in error.errors(include_url=False, include_input=False)
        ]
        raise StoreError("\n".join(faults)) from None


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StoreError(f"{path}: not TOML: {error}") from None
