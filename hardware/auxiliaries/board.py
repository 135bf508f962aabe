"""What the board is asked: outputs shown and read back, inputs read, every fault with its cure.

minimalmodbus makes the requests and takes the answers apart; `Line` lets only answers through.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TypeVar, cast

import minimalmodbus  # pyright: ignore[reportMissingTypeStubs] - its code has types

from hardware.auxiliaries.frames import READ_COILS, READ_INPUTS, WRITE_COILS
from hardware.auxiliaries.line import Line
from hardware.fault import Cure, DeviceFault
from hardware.serial_port import PortGone

DEVICE = "auxiliaries"
T = TypeVar("T")
Bits = tuple[bool, ...]


class Board:
    """A relay and input board at `unit` (1 to 247) on a serial port; for one thread at a time.

    Every method but `close` may raise `DeviceFault`: `no_device`, `time_out` (replug),
    `invalid_data`, `device_not_ready` (retry, or attendant when the port is held), `light_error`,
    `unsupported_data`, `hardware_error` (attendant). None is final.
    """

    def __init__(self, port: str, unit: int, baudrate: int) -> None:
        self._line = Line(port, baudrate)
        # its types ask for pyserial's class, its code for these methods only (2.1.1)
        self._modbus = minimalmodbus.Instrument(cast("str", self._line), unit)
        self._in_step = False  # whether the last request got its answer, so none can come late

    def show(self, outputs: Bits) -> None:
        """Switch the outputs, from 0, and read them back."""
        wanted = [int(output) for output in outputs]
        self._ask(WRITE_COILS, lambda: self._modbus.write_bits(0, wanted))
        if self.shown(len(outputs)) != outputs:
            raise DeviceFault(DEVICE, Cure.ATTENDANT, "light_error")

    def shown(self, count: int) -> Bits:
        """Give what the first outputs are."""
        return _bits(self._ask(READ_COILS, lambda: self._modbus.read_bits(0, count, READ_COILS)))

    def inputs(self, count: int) -> Bits:
        """Give what the first inputs are."""
        return _bits(self._ask(READ_INPUTS, lambda: self._modbus.read_bits(0, count, READ_INPUTS)))

    def close(self) -> None:
        """Let go of the port; the next request takes it again."""
        self._line.close()

    def open(self) -> bool:
        """Make the port usable; True if it was opened anew, perhaps to a fresh board."""
        with self._faults():
            anew = self._line.open()
        self._in_step = self._in_step and not anew
        return anew

    def _ask(self, function: int, request: Callable[[], T]) -> T:
        """Give the answer; a request whose answer got lost is repeated once, in step again."""
        self.open()
        with self._faults():
            if not self._in_step:
                self._synchronise(function)
            try:
                return self._exchange(request)
            except minimalmodbus.MasterReportedException:
                self._synchronise(function)
            return self._exchange(request)

    def _synchronise(self, function: int) -> None:
        """Let what is late come, then ask for something else than `function`.

        A late answer to `function` cannot be taken for this one's, nor come behind it: a board
        answers in order. Any answer will do, a refusal too.
        """
        self._line.settle()
        other = READ_COILS if function == READ_INPUTS else READ_INPUTS
        try:
            self._exchange(lambda: self._modbus.read_bit(0, other))
        except minimalmodbus.SlaveReportedException:
            return

    def _exchange(self, request: Callable[[], T]) -> T:
        self._in_step = False
        try:
            answer = request()
        except minimalmodbus.SlaveReportedException:
            self._in_step = True
            raise
        self._in_step = True
        return answer

    @contextmanager
    def _faults(self) -> Generator[None]:
        try:
            yield
        except PortGone as gone:
            raise gone.fault(DEVICE) from gone
        except minimalmodbus.SlaveDeviceBusyError as busy:
            raise DeviceFault(DEVICE, Cure.RETRY, "device_not_ready") from busy
        except minimalmodbus.IllegalRequestError as refusal:  # an output or input it does not have
            raise DeviceFault(DEVICE, Cure.ATTENDANT, "unsupported_data") from refusal
        except minimalmodbus.SlaveReportedException as error:
            raise DeviceFault(DEVICE, Cure.ATTENDANT, "hardware_error") from error
        except minimalmodbus.ModbusException as lost:
            if self._line.noisy:
                raise DeviceFault(DEVICE, Cure.RETRY, "invalid_data") from lost
            raise DeviceFault(DEVICE, Cure.REPLUG, "time_out") from lost


def _bits(values: list[int]) -> Bits:
    return tuple(bool(value) for value in values)
