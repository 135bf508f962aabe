"""What an operator says about a token, in a TOML file: `config/hsm.toml` is an example."""

import os
import tomllib
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar

from pkcs11 import KeyType, Mechanism
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from central.database import StoreError
from central.hsm.pin_block import counted_bcd
from central.hsm.secret import read_secret
from central.hsm.software import FIRST_PIN

_Kind = TypeVar("_Kind", Mechanism, KeyType)
_Number = Annotated[int, Field(ge=0, lt=1 << 32)]
"""`CK_KEY_TYPE` and `CK_MECHANISM_TYPE`, as far as libraries use them."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Numbers(_Table):
    """How a token numbers SM4, for which PKCS #11 has no numbers: its vendor's manual tells them.

    `derive` is as `CKM_AES_ECB_ENCRYPT_DATA`: the data under the base key is the new key.
    """

    key_type: _Number
    ecb: _Number
    cbc: _Number
    derive: _Number


class TokenSettings(_Table):
    """A token, how it is logged into, and what its keys are called.

    The library's path; the token's label; where its user PIN is: a file, or the name of an
    environment variable. `sessions` at once, for one of which a request waits `wait_s` seconds;
    after a token was not there it is not asked again for `pause_s`.
    """

    library: Path
    token: str = Field(min_length=1, max_length=32)
    pin_file: Path | None = None
    pin_env: str | None = None
    prefix: str = Field(default="", pattern="^[0-9A-Za-z._-]{0,16}$")
    sessions: int = Field(default=4, ge=1, le=64)
    wait_s: float = Field(default=5, gt=0, le=60)
    pause_s: float = Field(default=1, ge=0, le=60)
    pin_key_unwrap: Literal["oaep-sha256", "raw"] = "oaep-sha256"
    first_pin: str = FIRST_PIN
    sm4: Numbers | None = None

    @model_validator(mode="after")
    def _right(self) -> Self:
        if (self.pin_file is None) == (self.pin_env is None):
            raise ValueError("give either pin_file or pin_env")
        counted_bcd(self.first_pin)
        return self

    def user_pin(self) -> str:
        """The token's PIN, read anew. `StoreError` where there is none."""
        if self.pin_file is not None:
            return read_secret(self.pin_file)
        found = os.environ.get(self.pin_env or "")
        if found is None:
            raise StoreError(f"{self.pin_env} is not set: it holds the token's PIN")
        return found


def read_settings(path: Path) -> TokenSettings:
    """The settings of a file; `StoreError` names each fault, never a value."""
    try:
        return TokenSettings.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StoreError(f"{path} is not TOML: {error}") from None
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc'])) or 'file'}: {fault['msg']}"
            for fault in error.errors(include_input=False)
        )
        raise StoreError(f"{path}: {faults}") from None


def mechanism(number: int) -> Mechanism:
    """A mechanism by its number, a vendor's own too."""
    return _member(Mechanism, number)


def key_type(number: int) -> KeyType:
    """A type of keys by its number, a vendor's own too."""
    return _member(KeyType, number)


def _member(kinds: type[_Kind], number: int) -> _Kind:
    """python-pkcs11 takes members of its enumerations alone."""
    try:
        return kinds(number)
    except ValueError:
        made = int.__new__(kinds, number)
        made._name_ = f"VENDOR_{number:08X}"
        made._value_ = number
        return made
