"""Sealed objects and the key over their keys.

Every content has a data key of its own (AES-256), which stands in the database wrapped by the image
key (RFC 3394). Each piece is AES-256-GCM with a random nonce, bound to its content and its place:
pieces cannot be altered, exchanged or moved. Without the image key nothing can be read.
"""

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap,
    aes_key_wrap,
)

from central.database import StoreError
from central.files import made_once
from central.images.store import Folder, ObjectMissing, Objects

STORE = "IMAGE_STORE"
"""Environment: the store's URL; "" or unset is the folder `images` in the data folder."""
KEY_FILE = "IMAGE_KEY_FILE"
"""Environment: a file of 32 bytes, the image key; unset is `image_key` in the data folder."""
KEY = "IMAGE_KEY"
"""Environment: the image key itself, 64 hexadecimal digits; it counts before the file."""

KEY_BYTES = 32
NONCE_BYTES = 12
FOLDER, DEFAULT_KEY_FILE = "images", "image_key"


class Unreadable(Exception):  # noqa: N818 - an answer
    """The bytes are gone, altered, or sealed under another image key."""


@dataclass(frozen=True, slots=True)
class ContentKey:
    """A content's name, its data key, and that key wrapped, in hexadecimal."""

    content: str
    key: bytes = field(repr=False)
    wrapped: str = field(repr=False)


class Vault:
    """Seals and opens; any thread may call."""

    def __init__(self, objects: Objects, image_key: bytes) -> None:
        if len(image_key) != KEY_BYTES:
            raise StoreError(f"the image key must have {KEY_BYTES} bytes: put the right one back")
        self.objects = objects
        self._image_key = image_key

    def new_content(self) -> ContentKey:
        """A content with a fresh key and nothing in it yet."""
        key = AESGCM.generate_key(bit_length=8 * KEY_BYTES)
        return ContentKey(secrets.token_hex(16), key, aes_key_wrap(self._image_key, key).hex())

    def key_of(self, content: str, wrapped: str) -> ContentKey:
        """The key of a content that is there. Raises `Unreadable`."""
        try:
            key = aes_key_unwrap(self._image_key, bytes.fromhex(wrapped))
        except InvalidUnwrap:
            raise Unreadable from None
        return ContentKey(content, key, wrapped)

    def put(self, key: ContentKey, offset: int, data: bytes) -> str:
        """Keep a piece; the name of its object."""
        name, nonce = secrets.token_hex(16), secrets.token_bytes(NONCE_BYTES)
        sealed = AESGCM(key.key).encrypt(nonce, data, _place(key.content, offset))
        self.objects.put(name, nonce + sealed)
        return name

    def get(self, key: ContentKey, offset: int, name: str) -> bytes:
        """A piece's bytes. Raises `Unreadable`."""
        try:
            sealed = self.objects.get(name)
            nonce, text = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
            return AESGCM(key.key).decrypt(nonce, text, _place(key.content, offset))
        except (ObjectMissing, InvalidTag, ValueError):  # ValueError: it is too short
            raise Unreadable from None

    def seal(self, key: ContentKey, text: str) -> str:
        """A text that belongs to a content, such as its name, sealed: hexadecimal."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return (nonce + AESGCM(key.key).encrypt(nonce, text.encode(), _NAME)).hex()

    def unseal(self, key: ContentKey, sealed: str) -> str:
        """The text again. Raises `Unreadable`."""
        raw = bytes.fromhex(sealed)
        try:
            return AESGCM(key.key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _NAME).decode()
        except InvalidTag:
            raise Unreadable from None


_NAME = b"name"


def _place(content: str, offset: int) -> bytes:
    return f"{content}:{offset}".encode()


def open_vault(folder: Path) -> Vault:
    """The vault of the centre in a folder, as the environment says; its key is made once."""
    return Vault(open_objects(folder), _image_key(folder))


def has_image_key(folder: Path) -> bool:
    """Whether there is an image key already; `open_vault` would make one."""
    configured = os.environ.get(KEY) or os.environ.get(KEY_FILE)
    return bool(configured) or (folder / DEFAULT_KEY_FILE).exists()


def open_objects(folder: Path) -> Objects:
    """The store of the objects alone."""
    url = os.environ.get(STORE, "")
    if not url:
        return Folder(folder / FOLDER)
    from central.images.s3 import S3  # noqa: PLC0415 - boto3 is half a second for who needs it

    return S3(url)


def _image_key(folder: Path) -> bytes:
    text = os.environ.get(KEY, "")
    if text:
        try:
            return bytes.fromhex(text)
        except ValueError:
            raise StoreError(f"{KEY} is not hexadecimal: write 64 digits") from None
    path = os.environ.get(KEY_FILE, "")
    if path:
        return Path(path).read_bytes()
    return made_once(folder / DEFAULT_KEY_FILE, lambda: secrets.token_bytes(KEY_BYTES))
