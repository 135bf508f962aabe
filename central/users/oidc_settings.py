"""The identity provider as an operator describes it: a TOML file, its secret in a file beside it.

issuer = "https://id.example.gov.cn/realms/rsj"
client_id = "card-centre"
client_secret_file = "oidc-secret"       # relative to this file
base_url = "https://card.example.gov.cn" # of the console, as browsers see it
roles_claim = "groups"
outlet_claim = "outlet"
[roles]                                  # value of the claim = role here
"card-window" = "clerk"
"card-supervisor" = "supervisor"
"""

import ssl
import tomllib
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from central.database import StoreError
from central.users.roles import Role

_Text = Annotated[str, StringConstraints(min_length=1, max_length=300)]


class Provider(BaseModel):
    """An identity provider and what its claims mean here."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: _Text
    client_id: _Text
    client_secret: Annotated[str, StringConstraints(min_length=8)] = Field(repr=False)
    base_url: _Text
    scope: _Text = "openid profile"
    roles_claim: _Text = "roles"
    outlet_claim: _Text = "outlet"
    login_claim: _Text = "preferred_username"
    name_claim: _Text = "name"
    roles: dict[str, Role]
    ca_file: Path | None = None

    def tls(self) -> ssl.SSLContext:
        """Whom a connection to it trusts: the system's authorities, and that of `ca_file`."""
        context = ssl.create_default_context()
        if self.ca_file is not None:
            context.load_verify_locations(self.ca_file)
        return context


def load_provider(path: Path) -> Provider:
    """The provider of a file. Raises `StoreError` with the fault and its cure."""
    try:
        told: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        secret = path.parent / str(told.pop("client_secret_file", "oidc-secret"))
        if "ca_file" in told:
            told["ca_file"] = path.parent / str(told["ca_file"])
        provider = Provider(client_secret=secret.read_text(encoding="utf-8").strip(), **told)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StoreError(f"{path} is no TOML file: {error}") from None
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()
        )
        raise StoreError(f"{path}: {faults}") from None
    for name, url in (("issuer", provider.issuer), ("base_url", provider.base_url)):
        parts = urlsplit(url)
        local = parts.hostname in {"127.0.0.1", "localhost"}
        if parts.scheme != "https" and not (parts.scheme == "http" and local):
            raise StoreError(f"{path}: {name} has to begin with https://")
    return provider
