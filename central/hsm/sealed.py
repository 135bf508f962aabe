"""The software HSM whose keys officers loaded: a file sealed under a key-encryption key.

The key-encryption key (32 bytes, 64 hexadecimal digits) is in the file `HSM_KEK_FILE` names or in
`HSM_KEK`; it is never in the data folder. Who loses it has to load all keys again. The keys lie in
this process's memory while it works, as `software.py` says.
"""

import fcntl
import json
import os
import secrets
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from central.database import StoreError
from central.files import made_once, sync_folder
from central.hsm.arithmetic import wipe
from central.hsm.loader import OTHERS, Sealed, check_value, combined
from central.hsm.port import HsmRefused
from central.hsm.secret import secret
from central.hsm.software import FIRST_PIN, SoftwareHsm, load_pin_key, new_pin_key
from central.problems import Kind

KEYS_FILE = "card_keys.sealed"
PIN_KEY_FILE = "pin_key.sealed"
KEK = "HSM_KEK"
FIRST_PIN_NAME = "HSM_FIRST_PIN"
_KEK_BYTES = 32
_NONCE_BYTES = 12
_EMPTY = b"{}"


class Seal:
    """AES-256-GCM under the key-encryption key; what is sealed is bound to a text."""

    def __init__(self, kek: bytes) -> None:
        self._cipher = AESGCM(kek)

    def close(self, plain: bytes | bytearray, bound: str) -> bytes:
        """Nonce ‖ ciphertext ‖ tag."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, bound.encode())

    def open(self, box: bytes, bound: str) -> bytes:
        """What was sealed; ValueError if not under this key, or for something else."""
        try:
            return self._cipher.decrypt(box[:_NONCE_BYTES], box[_NONCE_BYTES:], bound.encode())
        except InvalidTag:
            raise ValueError("not sealed under this key") from None


class SealedKeys(Mapping[str, bytes]):
    """Keys by name in a file; what another process of the centre loads is seen at the next use."""

    def __init__(self, path: Path, seal: Seal) -> None:
        self._path = path
        self._seal = seal
        self._keys: dict[str, bytes] = {}
        self._seen: tuple[int, int] | None = None
        made_once(path, lambda: seal.close(_EMPTY, KEYS_FILE))
        self._fresh()

    def __getitem__(self, name: str) -> bytes:
        return self._fresh()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fresh())

    def __len__(self) -> int:
        return len(self._fresh())

    def add(self, name: str, key: bytes) -> None:
        """Keep one more, durably; `KEY_ALREADY_LOADED` if there is one of that name."""
        with _alone(self._path):
            keys = dict(self._fresh())
            if name in keys:
                raise HsmRefused(Kind.KEY_ALREADY_LOADED)
            keys[name] = key
            text = json.dumps({each: value.hex() for each, value in keys.items()})
            _replace(self._path, self._seal.close(text.encode(), KEYS_FILE))

    def _fresh(self) -> dict[str, bytes]:
        state = self._path.stat()
        seen = (state.st_ino, state.st_mtime_ns)
        if seen != self._seen:
            try:
                text = self._seal.open(self._path.read_bytes(), KEYS_FILE)
            except ValueError:
                raise StoreError(
                    f"{self._path} is not sealed under this key-encryption key: "
                    f"give the right one in {KEK}_FILE or {KEK}"
                ) from None
            self._keys = {name: bytes.fromhex(value) for name, value in json.loads(text).items()}
            self._seen = seen
        return self._keys


class FileLoader:
    """The port `KeyLoader` over the sealed file."""

    def __init__(self, keys: SealedKeys, seal: Seal) -> None:
        self._keys = keys
        self._seal = seal

    def seal(self, component: bytearray, bound: str) -> Sealed:
        """Close a component up."""
        return Sealed(self._seal.close(component, bound), bound)

    def load(self, name: str, components: Sequence[Sealed]) -> str:
        """Combine the components and keep the key."""
        try:
            opened = [bytearray(self._seal.open(one.box, one.bound)) for one in components]
        except ValueError:
            raise HsmRefused(Kind.KEY_COMPONENT_REFUSED, OTHERS) from None
        key = combined(opened)
        try:
            self._keys.add(name, bytes(key))
            return check_value(name, key)
        finally:
            wipe(key)

    def loaded(self, name: str) -> str | None:
        """Give a key's check value."""
        key = self._keys.get(name)
        return None if key is None else check_value(name, key)


def open_sealed(folder: Path) -> tuple[SoftwareHsm, FileLoader]:
    """The software HSM over the sealed file of a folder, and the loader of its keys.

    Raises `StoreError` when the key-encryption key is missing or not the one of the file.
    """
    try:
        kek = bytes.fromhex(secret(KEK))
    except ValueError:
        kek = b""
    if len(kek) != _KEK_BYTES:
        raise StoreError(f"{KEK} has to be {2 * _KEK_BYTES} hexadecimal digits")
    seal = Seal(kek)
    path = folder / PIN_KEY_FILE
    try:
        pem = seal.open(made_once(path, lambda: seal.close(new_pin_key(), path.name)), path.name)
        pin_key = load_pin_key(pem)
    except ValueError:
        raise StoreError(
            f"{path} is not sealed under this key-encryption key: "
            f"give the right one in {KEK}_FILE or {KEK}"
        ) from None
    keys = SealedKeys(folder / KEYS_FILE, seal)
    try:
        hsm = SoftwareHsm(keys, pin_key, secret(FIRST_PIN_NAME, FIRST_PIN))
    except ValueError as error:
        raise StoreError(f"{FIRST_PIN_NAME}: {error}") from None
    return hsm, FileLoader(keys, seal)


@contextmanager
def _alone(path: Path) -> Generator[None]:
    """One writer of the file, on this machine."""
    with path.with_name(f"{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _replace(path: Path, content: bytes) -> None:
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with fresh.open("wb") as file:
        fresh.chmod(0o600)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    sync_folder(path.parent)
