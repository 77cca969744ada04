"""A modem on a UART, received by DMA alone: no byte is lost and none is stamped late while flash is written and interrupts are masked.

UART --(a byte came)--> channel 1: byte  -> ring of 512 bytes --chain--> channel 2: timer -> ring of 512 stamps --chain--> channel 1 ...

The stamp of a byte that was taken is zeroed: what has a stamp is unread. Interrupts only wake the loop at the first byte of a burst.
"""

import asyncio

import rp2
from machine import UART, Pin, mem32
from uctypes import addressof

from catflap_probe.board import Port

from . import chip

RING = 512
_RING_BITS = 9
_STAMP_BITS = 11
BLOCK = 2 * 4 * RING
_PERMANENT = 63
"""A request that is always there."""

_ENDS = b"\r\n"
FIFO = 32


class UartPort(Port):
    """Reads return the text or the ends of one line at most, so that `read_us` is each line's own."""

    def __init__(self, number: int, baud: int, transmit: int, receive: int, block: bytearray) -> None:
        """`number` of the UART, its pins, and BLOCK bytes for its rings; raises ValueError for wrong pins, OSError without free DMA."""
        self.read_us = 0
        self._is_closed = False
        self._base = chip.UARTS[number]
        self._uart = UART(number, baud, tx=Pin(transmit), rx=Pin(receive), rxbuf=FIFO, txbuf=FIFO)
        mem32[self._base + chip.UART_IMSC] = 0
        # rings must begin at multiples of their length; both fit into one block wherever that begins
        block[:] = bytes(BLOCK)
        start = addressof(block)
        stamps_at = -start % (4 * RING)
        bytes_at = stamps_at + 4 * RING
        if bytes_at + RING > BLOCK:
            bytes_at = -start % RING
        self._block = memoryview(block)
        self._bytes = self._block[bytes_at : bytes_at + RING]
        self._stamps_at = stamps_at
        self._stamps = start + stamps_at
        self._next = 0
        self._flag = asyncio.ThreadSafeFlag()
        self._into_bytes = rp2.DMA()
        self._into_stamps = rp2.DMA()
        self._into_stamps.config(
            read=chip.TIMER_LOW,
            write=self._stamps,
            count=1,
            ctrl=self._into_stamps.pack_ctrl(
                size=2,
                inc_read=False,
                ring_size=_STAMP_BITS,
                ring_sel=1,
                treq_sel=_PERMANENT,
                chain_to=self._into_bytes.channel,
                irq_quiet=False,
                high_pri=True,
            ),
        )
        self._wake = self._into_stamps.irq(self._woken, True)
        self._wake.trigger(0)
        self._into_bytes.config(
            read=self._base + chip.UART_DR,
            write=start + bytes_at,
            count=1,
            ctrl=self._into_bytes.pack_ctrl(
                size=0,
                inc_read=False,
                ring_size=_RING_BITS,
                ring_sel=1,
                treq_sel=chip.RECEIVE_REQUESTS[number],
                chain_to=self._into_stamps.channel,
                high_pri=True,
            ),
            trigger=True,
        )
        mem32[self._base + chip.UART_DMACR] = chip.RECEIVE_BY_DMA

    async def read(self) -> bytes:
        """Waits for bytes; `read_us` is then when the first of them came."""
        while True:
            count = self._unread()
            if count:
                data = self._take(count)
                if data:
                    return data
                continue
            self._wake.trigger(1)
            if not self._unread():
                await self._flag.wait()

    def unread_us(self) -> int:
        """See Port."""
        return self._moment(mem32[self._stamps + 4 * self._next]) if self._unread() else -1

    def write(self, data: bytes) -> None:
        """Hands bytes to the transmitter; only what is longer than its FIFO waits, for a character's time each."""
        for byte in data:
            while mem32[self._base + chip.UART_FR] & chip.TRANSMIT_FULL:
                pass
            mem32[self._base + chip.UART_DR] = byte

    def close(self) -> None:
        """Stops the DMA, which would go on writing into memory that is no longer ours; closed once, it stays so."""
        if self._is_closed:
            return
        self._is_closed = True
        mem32[self._base + chip.UART_DMACR] = 0
        for channel in (self._into_bytes, self._into_stamps):
            channel.ctrl = channel.pack_ctrl(enable=False)
            channel.active(False)
            channel.close()
        self._uart.deinit()

    def _woken(self, _irq: object) -> None:
        # runs in the interrupt: allocates nothing
        self._wake.trigger(0)
        self._flag.set()

    def _unread(self) -> int:
        """How many bytes wait; after more than RING of them, the last RING."""
        end = self._end()
        while mem32[self._stamps + 4 * end]:
            before, end = end, self._end()
            # a byte may have come since; where none has, the one that is to come next has a stamp already
            if end == before:
                self._next = end
                return RING
        return (end - self._next) & (RING - 1)

    def _end(self) -> int:
        return (self._into_stamps.write - self._stamps) >> 2

    def _take(self, count: int) -> bytes:
        """The text, or the ends, of one line from what waits; nothing where it was only a break on the wire."""
        start = self._next
        after = min(start + count, RING)
        data = bytes(self._bytes[start:after])
        length = 0
        is_end = data[0] in _ENDS
        while length < len(data) and (data[length] in _ENDS) == is_end:
            length += 1
        self.read_us = self._moment(mem32[self._stamps + 4 * start])
        at = self._stamps_at + 4 * start
        self._block[at : at + 4 * length] = bytes(4 * length)
        self._next = (start + length) & (RING - 1)
        return data[:length].replace(b"\0", b"")

    def _moment(self, stamp: int) -> int:
        """A stamp, the timer's low word, in microseconds since power-on."""
        now_us = chip.microseconds()
        return now_us - ((now_us - stamp) & 0xFFFFFFFF)
