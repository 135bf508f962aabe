"""Archives, kinds, names, mounts and packets: any bytes, and every trick an archive can play."""

import io
import random
import stat
import struct
import unicodedata
import zipfile
import zlib
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.media import names
from hardware.media.archives import OLE, inspect, unpack
from hardware.media.contents import Content, Kind, Limits, Member, Reason, Refused
from hardware.media.kinds import judge, text_of
from hardware.media.mounts import MountTable, mounts_of
from hardware.media.reader import BadPacket, Packets, end_of, file_of, packets_of

LIMITS = Limits(members=50, member_bytes=4 << 20, unpacked_bytes=8 << 20, ratio=100)
JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8


def archive(members, method=zipfile.ZIP_DEFLATED, comment=b""):
    """Give a .zip of names (or ZipInfo) and contents."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        made.comment = comment
        for name, data in members.items():
            made.writestr(name, data)
    return out.getvalue()


def workbook(**more):
    return archive(
        {
            "[Content_Types].xml": b"<Types/>",
            "xl/workbook.xml": b"<workbook/>",
            "xl/worksheets/sheet1.xml": b"<sheet>" + b"<c/>" * 500,
        }
        | more
    )


def test_pictures_in_an_archive_are_found_and_come_out_whole():
    data = archive(
        {"500103200001010021.jpg": JPEG, "家庭/甲_A.jpg": JPEG, "空/": b""}, comment=b"c"
    )
    content = judge(data, LIMITS)
    assert content.kind is Kind.ZIP
    assert [member.name for member in content.members] == [
        "500103200001010021.jpg",
        "家庭/甲_A.jpg",
    ]
    assert all(unpack(data, member) == JPEG for member in content.members)


def test_a_workbook_is_a_workbook():
    content = judge(workbook(), LIMITS)
    assert content.kind is Kind.XLSX
    assert unpack(content.data, content.members[1]) == b"<workbook/>"


def test_a_stored_archive():
    data = archive({"a.jpg": JPEG}, zipfile.ZIP_STORED)
    (member,) = inspect(data, LIMITS)
    assert unpack(data, member) == JPEG


def test_names_that_chinese_windows_writes():
    info = zipfile.ZipInfo("x.jpg")
    data = archive({info: JPEG})
    raw = "甲.jpg".encode("gb18030").ljust(5)[:5]
    bent = data.replace(b"x.jpg", raw)
    (member,) = inspect(bent, LIMITS)
    assert member.name.startswith("甲")


def link(name):
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (archive({"../x.jpg": JPEG}), Reason.NAME_NOT_ALLOWED),
        (archive({"a/../../x.jpg": JPEG}), Reason.NAME_NOT_ALLOWED),
        (archive({"/etc/x.jpg": JPEG}), Reason.NAME_NOT_ALLOWED),
        (archive({"..\\x.jpg": JPEG}), Reason.NAME_NOT_ALLOWED),
        (archive({"C:\\x.jpg": JPEG}), Reason.NAME_NOT_ALLOWED),
        (archive({"a\u202egpj.exe": JPEG}), Reason.NAME_NOT_ALLOWED),
        (archive({"a\x1b[2J.jpg": JPEG}), Reason.NAME_NOT_ALLOWED),
        (archive({"a.jpg": JPEG, "A.JPG": JPEG}), Reason.NAME_NOT_ALLOWED),
        (archive({link("a.jpg"): b"/etc/passwd"}), Reason.NAME_NOT_ALLOWED),
        (archive({f"{n}.jpg": b"" for n in range(51)}), Reason.TOO_MANY_MEMBERS),
        (archive({"a.bmp": bytes(5 << 20)}), Reason.BOMB),
        (archive({"a.bmp": bytes(2 << 20)}), Reason.BOMB),
        (archive({f"{n}": random.Random(n).randbytes(3 << 20) for n in range(3)}), Reason.BOMB),
        (archive({"inner.zip": archive({"a.jpg": JPEG})}), Reason.NESTED),
        (archive({"a.jpg": b"Rar!\x1a\x07\x00"}), Reason.NESTED),
        (archive({"a.jpg": b"\x1f\x8b\x08"}), Reason.NESTED),
        (archive({"a.jpg": bytes(257) + b"ustar"}), Reason.NESTED),
        (workbook(**{"xl/vbaProject.bin": b"x"}), Reason.MACRO),
        (workbook(**{"XL/VBAPROJECT.BIN": b"x"}), Reason.MACRO),
        (workbook(**{"xl/macrosheets/sheet1.xml": b"x"}), Reason.MACRO),
        (workbook(**{"xl/embeddings/o.bin": OLE}), Reason.MACRO),
        (
            archive(
                {"[Content_Types].xml": b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"}
            ),
            Reason.MACRO,
        ),
        (archive({"list.xlsm": b"x"}), Reason.MACRO),
        (archive({"a.jpg": JPEG})[:-1], Reason.DAMAGED),
        (archive({"a.jpg": JPEG}) + b"x", Reason.DAMAGED),
        (archive({"a.jpg": JPEG}, zipfile.ZIP_BZIP2), Reason.NOT_SUPPORTED),
        (OLE + bytes(2000), Reason.OLD_OFFICE),
        (OLE + "EncryptedPackage".encode("utf-16-le"), Reason.ENCRYPTED),
    ],
)
def test_what_is_refused_and_why(data, reason):
    assert judge(data, LIMITS) == Refused(reason)


def patched(data, at, layout, *values):
    bent = bytearray(data)
    struct.pack_into(layout, bent, at, *values)
    return bytes(bent)


def directory_at(data):
    return data.index(b"PK\x01\x02")


def test_an_encrypted_member():
    data = archive({"a.jpg": JPEG})
    for at, value in ((8, 0x0001), (8, 0x0040), (10, 99)):
        bent = patched(data, directory_at(data) + at, "<H", value)
        assert judge(bent, LIMITS) == Refused(Reason.ENCRYPTED)


def test_large_archives_in_the_64_bit_form_are_not_needed():
    data = archive({"a.jpg": JPEG})
    bent = patched(data, directory_at(data) + 24, "<L", 0xFFFFFFFF)
    assert judge(bent, LIMITS) == Refused(Reason.NOT_SUPPORTED)
    end = data.index(b"PK\x05\x06")
    assert judge(patched(data, end + 16, "<L", 0xFFFFFFFF), LIMITS) == Refused(Reason.NOT_SUPPORTED)


def test_members_that_share_their_bytes():
    """The kernel of a non-recursive bomb: many entries of the directory, one content."""
    data = archive({"a.jpg": JPEG, "b.jpg": JPEG})
    second = data.index(b"PK\x01\x02", directory_at(data) + 1)
    assert judge(patched(data, second + 42, "<L", 0), LIMITS) == Refused(Reason.BOMB)


def test_a_local_name_that_is_another():
    data = archive({"a.jpg": JPEG})
    assert judge(data.replace(b"a.jpg", b"b.jpg", 1), LIMITS) == Refused(Reason.DAMAGED)


@pytest.mark.parametrize("size", [10, len(JPEG) - 1, len(JPEG) + 1, 1 << 19])
def test_a_size_that_lies_never_unpacks_to_more(size):
    data = archive({"a.jpg": JPEG})
    bent = patched(data, directory_at(data) + 24, "<L", size)
    (member,) = inspect(bent, LIMITS)
    assert unpack(bent, member) is Reason.DAMAGED


def test_a_checksum_that_is_wrong():
    data = archive({"a.jpg": JPEG})
    bent = patched(data, directory_at(data) + 16, "<L", zlib.crc32(JPEG) ^ 1)
    (member,) = inspect(bent, LIMITS)
    assert unpack(bent, member) is Reason.DAMAGED


@given(st.data())
def test_no_bent_archive_raises_or_gives_other_bytes(data):
    good = archive({"a.jpg": JPEG, "b/c.csv": b"1,2\n" * 50})
    bent = bytearray(good)
    for _ in range(data.draw(st.integers(1, 4))):
        bent[data.draw(st.integers(0, len(bent) - 1))] = data.draw(st.integers(0, 255))
    bent = bytes(bent[: data.draw(st.integers(0, len(bent)))] if data.draw(st.booleans()) else bent)
    members = inspect(bent, LIMITS)
    if not isinstance(members, Reason):
        for member in members:
            unpacked = unpack(bent, member)
            assert unpacked is Reason.DAMAGED or len(unpacked) == member.size


@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"PK\x05\x06", OLE, b"%PDF-"]))
def test_any_bytes_are_of_a_kind_or_refused(data, head):
    outcome = judge(head + data, LIMITS)
    assert isinstance(outcome, Content | Refused)


@given(st.binary(max_size=60), st.integers(0, 80), st.integers(0, 80), st.booleans())
def test_any_member_of_any_bytes_unpacks_or_is_damaged(data, start, packed, deflated):
    member = Member("x", 10, start, packed, deflated, 0)
    assert unpack(data, member) is Reason.DAMAGED or unpack(data, member) == bytes(10)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (JPEG, Kind.JPEG),
        (b"\x89PNG\r\n\x1a\n....", Kind.PNG),
        (b"%PDF-1.7\n", Kind.PDF),
        ("序号,姓名\r\n1,甲\r\n".encode(), Kind.CSV),
        ("序号,姓名\r\n1,甲\r\n".encode("utf-8-sig"), Kind.CSV),
        ("序号,姓名\r\n1,甲\r\n".encode("gb18030"), Kind.CSV),
        ("序号\t姓名\n".encode("utf-16"), Kind.CSV),
        (b"", Kind.UNKNOWN),
        (b"MZ\x90\x00,,,", Kind.UNKNOWN),
        (b"\x7fELF\x02\x01\x01", Kind.UNKNOWN),
        ("没有表".encode(), Kind.UNKNOWN),
        (archive({"[Content_Types].xml": b"", "word/document.xml": b""}), Kind.UNKNOWN),
    ],
)
def test_the_kind_is_in_the_content(data, kind):
    assert judge(data, LIMITS).kind is kind


def test_a_text_that_is_none():
    assert text_of(b"\xff\xfe\x00") is None
    assert text_of(b"a\x00b") is None


@given(st.text())
def test_a_part_of_a_path_stays_in_its_folder(name):
    if names.allowed(name):
        assert PurePosixPath("/a", name).parent == PurePosixPath("/a")
        assert PurePosixPath("/a", name).name == name


def test_names_of_systems_and_composed_names():
    assert names.of_a_system("System Volume Information")
    assert names.of_a_system("._x.jpg")
    assert names.of_a_system("~$list.xlsx")
    assert not names.of_a_system("名单.xlsx")
    assert names.normal(unicodedata.normalize("NFD", "é")) == "é"


MOUNTINFO = (
    b"42 27 8:1 / /run/kiosk-media/sd\\040a1 ro,nosuid,nodev,noexec,relatime shared:9 - vfat /dev/sda1 ro\n"
    b"43 27 8:2 / /mnt rw,relatime - ext4 /dev/sda2 rw\n"
)


def test_a_table_of_mounts():
    stick, disk = mounts_of(MOUNTINFO)
    assert (stick.number, stick.device) == (42, "8:1")
    assert stick.point == PurePosixPath("/run/kiosk-media/sd a1")
    assert stick.safe
    assert not disk.safe


@given(st.lists(st.one_of(st.binary(max_size=30), st.sampled_from(MOUNTINFO.split(b" ")))))
def test_any_table_gives_mounts(parts):
    for mount in mounts_of(b" ".join(parts)):
        assert mount.number >= 0


def test_the_kernels_own_table():
    table = MountTable()
    assert PurePosixPath("/proc") in {mount.point for mount in table.mounts()}
    table.close()


@given(st.lists(st.tuples(st.sampled_from([b"F", b"D", b"E"]), st.binary(max_size=50))), st.data())
def test_packets_in_any_pieces(sent, data):
    stream = b"".join(tag + len(payload).to_bytes(4, "big") + payload for tag, payload in sent)
    cut = data.draw(st.integers(0, len(stream)))
    packets = Packets()
    assert packets.feed(stream[:cut]) + packets.feed(stream[cut:]) == sent


@given(st.binary(max_size=200))
def test_any_bytes_are_packets_or_bad(data):
    for decode in (packets_of, file_of, end_of):
        try:
            decode(data)
        except BadPacket:
            continue


@pytest.mark.parametrize("payload", [b"[1, 2]", b'["a", -1]', b'["a"]', b"{}", b"[" * 100_000])
def test_what_is_no_file_and_no_end(payload):
    with pytest.raises(BadPacket):
        file_of(payload)
    with pytest.raises(BadPacket):
        end_of(payload)


def test_nothing_personal_is_shown():
    content = judge(archive({"500103200001010021.jpg": JPEG}), LIMITS)
    assert repr(content) == "Content(kind=<Kind.ZIP: 'zip'>)"
    assert "5001" not in repr(content.members[0])
