"""The code on a voucher: its number and proof that the centre gave it; nothing personal."""

import hashlib
import hmac

VERSION = "v1"
MAC_BYTES = 16


def code(secret: bytes, voucher_no: str) -> str:
    """`v1|<voucher number>|<the first 16 bytes of HMAC-SHA256, hexadecimal>`."""
    mac = hmac.digest(secret, voucher_no.encode(), hashlib.sha256)[:MAC_BYTES]
    return f"{VERSION}|{voucher_no}|{mac.hex()}"


def read_code(secret: bytes, text: str) -> str | None:
    """The voucher number of a genuine code; None for any other text."""
    match text.split("|"):
        case [_, voucher_no, _]:
            genuine = hmac.compare_digest(code(secret, voucher_no).encode(), text.encode())
            return voucher_no if genuine else None
        case _:
            return None
