"""Objects in an S3-compatible store, by URL: `s3://bucket/prefix?endpoint=https://…&region=…`.

Credentials come from the environment or boto3's own files, never from the URL.
"""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3  # pyright: ignore[reportMissingTypeStubs]
from botocore.config import Config  # pyright: ignore[reportMissingTypeStubs]
from botocore.exceptions import (  # pyright: ignore[reportMissingTypeStubs]
    BotoCoreError,
    ClientError,
)

from central.database import StoreError
from central.images.store import ObjectMissing
from central.problems import Kind, ProblemError

SCHEME = "s3"
_KNOWN = {"endpoint", "region"}
_CONFIG = Config(
    connect_timeout=5,
    read_timeout=20,
    retries={"max_attempts": 3, "mode": "standard"},
    max_pool_connections=50,
    request_checksum_calculation="when_required",  # what other makers' stores understand too
    response_checksum_validation="when_required",
)


class S3:
    """Objects of a bucket under a prefix; `page` is how many names a list gives at a time."""

    def __init__(self, url: str, page: int = 1000) -> None:
        self.page = page
        parts = urlsplit(url)
        options = parse_qs(parts.query, strict_parsing=bool(parts.query))
        if parts.scheme != SCHEME or not parts.netloc or not options.keys() <= _KNOWN:
            raise StoreError(
                "the image store's URL is wrong: write s3://bucket/prefix?endpoint=https://…"
            )
        if "@" in parts.netloc:
            raise StoreError("credentials of the image store go into the environment, not its URL")
        self._bucket = parts.netloc
        prefix = parts.path.strip("/")
        self._prefix = f"{prefix}/" if prefix else ""
        self._client: Any = boto3.client(  # pyright: ignore[reportUnknownMemberType]
            "s3",
            endpoint_url=options.get("endpoint", [None])[0],
            region_name=options.get("region", ["us-east-1"])[0],
            config=_CONFIG,
        )

    def put(self, name: str, data: bytes) -> None:
        """Send the object; the store acknowledges when it is durable."""
        with _answers():
            self._client.put_object(Bucket=self._bucket, Key=self._key(name), Body=data)

    def get(self, name: str) -> bytes:
        """Fetch the object."""
        with _answers():
            try:
                found = self._client.get_object(Bucket=self._bucket, Key=self._key(name))
                return found["Body"].read()
            except self._client.exceptions.NoSuchKey:
                raise ObjectMissing from None

    def delete(self, name: str) -> None:
        """Delete the object. A bucket with versions keeps the sealed bytes: see docs."""
        with _answers():
            self._client.delete_object(Bucket=self._bucket, Key=self._key(name))

    def names(self) -> Iterator[tuple[str, float]]:
        """Every object under the prefix, a page a request."""
        pages = self._client.get_paginator("list_objects_v2")
        with _answers():
            for page in pages.paginate(
                Bucket=self._bucket, Prefix=self._prefix, PaginationConfig={"PageSize": self.page}
            ):
                for row in page.get("Contents", ()):
                    yield row["Key"].rpartition("/")[2], row["LastModified"].timestamp()

    def _key(self, name: str) -> str:
        return f"{self._prefix}{name[:2]}/{name}"


@contextmanager
def _answers() -> Generator[None]:
    """A store that refuses or does not answer is a problem that may be gone the next time."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise ProblemError(
            Kind.BUSY, f"The image store does not answer ({type(error).__name__})."
        ) from None
