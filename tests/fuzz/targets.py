"""Every decoder of bytes from outside, as a function that takes any bytes: a row a decoder.

A target returns; its decoder's own refusal is caught here, anything else is a find. Bytes are
given in two pieces, as a wire might, so that what is left half read is tried too.
"""

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date

from central.hsm import pin_block
from hardware.auxiliaries import frames as modbus
from hardware.card_transport import frames as crt
from hardware.id_reader import frames as sdt
from hardware.id_reader import text as id_text
from hardware.media.archives import inspect, unpack
from hardware.media.contents import Limits
from hardware.media.kinds import judge
from hardware.media.mounts import mounts_of
from hardware.pin_pad import commands as zt598_commands
from hardware.pin_pad import frames as zt598
from hardware.printer import answers
from hardware.printer import frames as escpos
from hardware.social_card import frames as apdu
from hardware.social_card import records
from hardware.sound.pcm import BadWave, Pcm, decode_wave, encode_wave
from hardware.wire import faults
from regulation.mrz import read_mrz

TODAY = date(2026, 11, 25)
LIMITS = Limits()


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/workbook.xml", "<workbook/>")
        made.writestr("制卡明细表.csv", "姓名,号码\n")
    return out.getvalue()


ZIP = _zip()
REQUESTS = (
    modbus.seal(bytes.fromhex("010100000008")),
    modbus.seal(bytes.fromhex("010200000010")),
    modbus.seal(bytes.fromhex("01050001FF00")),
    modbus.seal(bytes.fromhex("010F000000080155")),
)


def sdt_frames(data: bytes) -> None:
    """Replies of the ID reader."""
    decoder = sdt.Decoder()
    for part in halves(data):
        decoder.feed(part)
    decoder.rescue()


def sdt_reading(data: bytes) -> None:
    """The payload of a reading: text of every layout, and photo."""
    id_text.without_finger(data)
    id_text.address(data[:70])
    for mark in (b"", *(each.encode("utf-16-le") for each in id_text.LAYOUTS)):
        block = (data[:248].ljust(248, b" ") + mark).ljust(id_text.SIZE, b" ") if mark else data
        payload = id_text.split_payload(block)
        if payload is not None:
            id_text.parse(*payload)
        if len(block) == id_text.SIZE:
            id_text.parse(block, b"")


def apdu_tlv(data: bytes) -> None:
    """The chip's answers: ATR, status word, FCI, records."""
    for read in (apdu.split_reply, apdu.read_atr, records.read_tlv, records.read_algorithm_code):
        with suppress(apdu.BadFrame):
            read(data)
    for field in records.FIELDS:
        with suppress(apdu.BadFrame):
            field.decode(data)
        with suppress(apdu.BadFrame):
            field.decode(bytes([field.tag, field.size]) + data[: field.size])


def escpos_status(data: bytes) -> None:
    """The printer's answers, echoes and reports."""
    for heard in answers.sort(data):
        if heard.kind == "report":
            _ = escpos.decode_report(heard.data).trouble
    for at in range(0, len(data) - 3, 4):
        with suppress(ValueError):
            _ = escpos.decode(*data[at : at + 4]).trouble
        with suppress(ValueError):
            escpos.decode_report(data[at : at + 4])


def crt591(data: bytes) -> None:
    """Replies of the motorised reader."""
    deframer = crt.Deframer()
    items = [item for part in halves(data) for item in deframer.feed(part)]
    for item in [*items, *deframer.rescue()]:
        if isinstance(item, crt.Frame):
            crt.decode_reply(item.text)
    crt.decode_reply(data)


def zt598_frames(data: bytes) -> None:
    """Replies and keys of the PIN pad."""
    deframer = zt598.Deframer()
    items = [item for part in halves(data) for item in deframer.feed(part)]
    for item in [*items, *deframer.rescue()]:
        if isinstance(item, zt598.Frame) and item.intact and item.body:
            zt598_commands.block_of(zt598_commands.reply_of(item).data)
    zt598_commands.block_of(data)


def modbus_replies(data: bytes) -> None:
    """Replies of the lamp board to each function."""
    for request in REQUESTS:
        modbus.decode_reply(request, data)


def archives(data: bytes) -> None:
    """Files of a USB stick: their kind, archives and workbooks, the machine's table of mounts."""
    judge(data, LIMITS)
    members = inspect(data, LIMITS)
    if isinstance(members, tuple):
        for member in members:
            unpack(data, member)
    mounts_of(data)


def pin_blocks(data: bytes) -> None:
    """PIN blocks, as the centre reads them."""
    with suppress(pin_block.NoPinError):
        pin_block.read(data[:16].ljust(16, b"0"), data[16:32].ljust(16, b"1"), "000123456789")


def wave(data: bytes) -> None:
    """Recorded prompts."""
    with suppress(BadWave):
        decode_wave(data)


def mrz(data: bytes) -> None:
    """Lines that a scanner reads off a travel document."""
    text = data.decode("latin-1")
    third, half = len(text) // 3, len(text) // 2
    read_mrz((text[:half], text[half:]), TODAY)
    read_mrz((text[:third], text[third : 2 * third], text[2 * third :]), TODAY)
    read_mrz(text.split("\n"), TODAY)


def wire_language(data: bytes) -> None:
    """A line of the language of wire faults."""
    with suppress(ValueError):
        faults.parse(data.decode("latin-1"))


def halves(data: bytes) -> tuple[bytes, bytes]:
    """Two pieces; where they part depends on the bytes themselves."""
    at = sum(data[:4]) % (len(data) + 1)
    return data[:at], data[at:]


TARGETS: dict[str, Callable[[bytes], None]] = {
    "sdt_frames": sdt_frames,
    "sdt_reading": sdt_reading,
    "apdu_tlv": apdu_tlv,
    "escpos_status": escpos_status,
    "crt591": crt591,
    "zt598": zt598_frames,
    "modbus": modbus_replies,
    "archives": archives,
    "pin_blocks": pin_blocks,
    "wave": wave,
    "mrz": mrz,
    "wire_language": wire_language,
}

SEEDS: dict[str, tuple[bytes, ...]] = {
    "sdt_frames": (
        bytes.fromhex("AAAAAA9669000400009094"),
        bytes.fromhex("AAAAAA966900080000 9F0000000097"),
    ),
    "sdt_reading": ("张三".encode("utf-16-le"), bytes.fromhex("01000400")),
    "apdu_tlv": (
        bytes.fromhex("3B6D000000815443435086330102030405"),
        bytes.fromhex("6F19840F7378312E73682EC9E7BBE1B1A3D5CFA5069F0C03860103"),
        bytes.fromhex("0304332E30309000"),
    ),
    "escpos_status": (bytes.fromhex("12121212"), bytes.fromhex("1A321272")),
    "crt591": (
        bytes.fromhex("06F20000065031303031300397"),
        bytes.fromhex("F20000054E3231413003C8"),
    ),
    "zt598": (bytes.fromhex("0230303149033742"), b"\x02003\x60123\x0365"),
    "modbus": (modbus.seal(bytes.fromhex("010101FF")), modbus.seal(bytes.fromhex("018102"))),
    "archives": (ZIP, b"36 35 98:0 /mnt1 /mnt2 rw,noatime - ext3 /dev/root rw\n", b"PK\x05\x06"),
    "pin_blocks": (bytes.fromhex("5ABD384927B4C47816881621D9CBF6F3"),),
    "wave": (encode_wave(Pcm(8000, b"\0\0" * 8)),),
    "mrz": (
        b"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10",
    ),
    "wire_language": (b"delay 0.8 only read after 2 times 3",),
}
"""Where the search begins: golden bytes."""
