"""SM4 (GB/T 32907-2016), one block at a time, in plain Python: shares no code with the project."""

from functools import lru_cache

BLOCK = 16  # bytes, of a block and of a key

_SBOX = bytes.fromhex(
    "D690E9FECCE13DB716B614C228FB2C052B679A762ABE04C3AA44132649860699"
    "9C4250F491EF987A33540B43EDCFAC62E4B31CA9C908E89580DF94FA758F3FA6"
    "4707A7FCF37317BA83593C19E6854FA8686B81B27164DA8BF8EB0F4B70569D35"
    "1E240E5E6358D1A225227C3B01217887D40046579FD327524C3602E7A0C4C89E"
    "EABF8AD240C738B5A3F7F2CEF96115A1E0AE5DA49B341A55AD933230F58CB1E3"
    "1DF6E22E8266CA60C02923AB0D534E6FD5DB3745DEFD8E2F03FF6A726D6C5B51"
    "8D1BAF92BBDDBC7F11D95C411F105AD80AC13188A5CD7BBD2D74D012B8E5B4B0"
    "8969974A0C96777E65B9F109C56EC68418F07DEC3ADC4D2079EE5F3ED7CB3948"
)
_FK = (0xA3B1BAC6, 0x56AA3350, 0x677D9197, 0xB27022DC)
_CK = [int.from_bytes(bytes((4 * i + j) * 7 % 256 for j in range(4)), "big") for i in range(32)]


def encrypt(key: bytes, block: bytes) -> bytes:
    """Give the block of 16 bytes enciphered under the key of 16 bytes."""
    return _crypt(_round_keys(key), block)


def decrypt(key: bytes, block: bytes) -> bytes:
    """Give the block of 16 bytes deciphered: the same rounds with the keys in reverse."""
    return _crypt(_round_keys(key)[::-1], block)


@lru_cache(maxsize=64)
def _round_keys(key: bytes) -> tuple[int, ...]:
    k = [word ^ fk for word, fk in zip(_words(key), _FK, strict=True)]
    for i in range(32):
        mixed = _substitute(k[-3] ^ k[-2] ^ k[-1] ^ _CK[i])
        k.append(k[-4] ^ mixed ^ _rotate(mixed, 13) ^ _rotate(mixed, 23))
    return tuple(k[4:])


def _crypt(round_keys: tuple[int, ...], block: bytes) -> bytes:
    a, b, c, d = _words(block)
    for key in round_keys:
        t = _substitute(b ^ c ^ d ^ key)
        t ^= _rotate(t, 2) ^ _rotate(t, 10) ^ _rotate(t, 18) ^ _rotate(t, 24)
        a, b, c, d = b, c, d, a ^ t
    return b"".join(word.to_bytes(4, "big") for word in (d, c, b, a))


def _words(block: bytes) -> list[int]:
    if len(block) != BLOCK:
        raise ValueError(f"SM4 takes {BLOCK} bytes, not {len(block)}")
    return [int.from_bytes(block[i : i + 4], "big") for i in range(0, BLOCK, 4)]


def _substitute(word: int) -> int:
    return int.from_bytes(word.to_bytes(4, "big").translate(_SBOX), "big")


def _rotate(word: int, bits: int) -> int:
    return (word << bits | word >> 32 - bits) & 0xFFFFFFFF
