"""What a device sends to get a certificate, and what it gets."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from central.schemas import Strict

Csr = Annotated[
    str,
    StringConstraints(min_length=1, max_length=4096),
    Field(description="a PKCS#10 request in PEM, P-256; of it, the key alone counts"),
]


class Enrolment(Strict):
    """A one-time code, and the CSR of the key the device made."""

    code: str = Field(min_length=1, max_length=32, examples=["7K4Q-92MX-TB3W"])
    csr: Csr


class Renewal(Strict):
    """The CSR of a new key."""

    csr: Csr


class Given(BaseModel):
    """A device's certificate, and the chain of who gave it."""

    state: Literal["given"] = "given"
    device: str = Field(examples=["kiosk:0017"])
    certificate: str = Field(description="PEM")
    chain: str = Field(description="PEM: the device CA's certificate, and those above it")
    not_after: datetime


class ToConfirm(BaseModel):
    """The operator has yet to confirm the key; ask again with the same code and key."""

    state: Literal["to_confirm"] = "to_confirm"
    device: str
    fingerprint: str = Field(examples=["9T0C-4E1A-77QX-M2PB"])
