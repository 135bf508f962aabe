"""The conformance dialogue: 46 status words of card A, fresh, PIN 123456.

Source: docs/devices/social_card.md, "Conformance dialogue".
"""

from hardware.social_card.arithmetic import DEMO_KEYS, SCHEMES, card_key

CARD_ID = bytes.fromhex("330300D15600000599110145FFFFFFFF")
SELECT = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF"
ZEROS = "00" * 16

EXPECTED = [
    "9000 9000 9000 6982",
    "9000 9000 9000 9000 9000 9000 9000",
    "6984 6A88 9000 9000 63C2",
    "63C5 9000 9000",
    "63C5 63C4 63C3 63C2 63C1 6983 6983",
    "9000 9000 9000",
    "9000 6982 9000 9000 9000",
    "9000 6988 6984",
    "9000 9000 9000 63C5",
    "6D00 6A82 6A82 6C14 6A83",
]


class Dialogue:
    """Says the ten steps to `transmit`, bytes to bytes, and keeps what is answered."""

    def __init__(self, transmit):
        self._transmit = transmit
        self._scheme = SCHEMES["03"]
        self.steps = []
        self.name = b""

    def run(self):
        for step in (self._1, self._2, self._3, self._4, self._5):
            self._step(step)
        for step in (self._6, self._7, self._8, self._9, self._10):
            self._step(step)
        return [" ".join(words) for words in self.steps]

    def _step(self, step):
        self.steps.append([])
        step()

    def _say(self, apdu):
        reply = self._transmit(apdu if isinstance(apdu, bytes) else bytes.fromhex(apdu))
        self.steps[-1].append(reply[-2:].hex().upper())
        return reply[:-2]

    def _challenge(self):
        return self._say("0084000008")

    def _key(self, name):
        return card_key(self._scheme, DEMO_KEYS[name], CARD_ID)

    def _answer(self, name, factor, source):
        return self._scheme.answer(self._key(name), factor, source)

    def _external(self, p2, name):
        source, factor = self._challenge(), self._challenge()
        answer = self._answer(name, factor, source)
        self._say(bytes.fromhex(f"008200{p2:02X}10") + answer + factor)

    def _reload(self, pin, challenge):
        head, key = bytes.fromhex("8424000114"), self._key("RPK")
        sealed = self._scheme.seal(key, bytes.fromhex(pin))
        return head + sealed + self._scheme.mac(key, challenge, head + sealed)

    def _1(self):
        for apdu in (SELECT, "00A4020002EF05", "00B2010412", "00B2023400"):
            self._say(apdu)

    def _2(self):
        source, factor = self._challenge(), self._challenge()
        answer = self._say(bytes.fromhex("0088000010") + factor + source)
        assert answer == self._answer("IRK", factor, source)
        self._external(0x0A, "RKSSSE")
        self.name = self._say("00B2023400")

    def _3(self):
        self._say("0082000A10" + ZEROS)
        self._say("0082000410" + ZEROS)
        self._challenge()
        self._challenge()
        self._say("0082000A10" + ZEROS)

    def _4(self):
        for apdu in ("805E010007111111FF654321", "805E010007123456FF654321", "0020000003654321"):
            self._say(apdu)

    def _5(self):
        for _ in range(7):
            self._say("0020000003000000")

    def _6(self):
        challenge = self._challenge()
        head = bytes.fromhex("8424000004")
        self._say(head + self._scheme.mac(self._key("PUK"), challenge, head))
        self._say("0020000003654321")

    def _7(self):
        self._say(self._reload("112233", self._challenge()))
        self._external(0x06, "RPK")

    def _8(self):
        apdu = bytearray(self._reload("112233", self._challenge()))
        apdu[-1] ^= 1
        self._say(bytes(apdu))
        self._say(bytes(apdu))

    def _9(self):
        self._say(self._reload("112233", self._challenge()))
        self._say("0020000003112233")
        self._say("0020000003654321")

    def _10(self):
        for apdu in (
            "00CA000000",
            "00A4040003A00000",
            "00A4020002EF07",
            "00B2013405",
            "00B2093400",
        ):
            self._say(apdu)
