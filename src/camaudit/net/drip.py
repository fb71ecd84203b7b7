"""What comes in many small pieces is let gather, and is not waited for without end.

A device that sends a byte at a time would otherwise cost a turn of the event loop for each, and one whose next
byte is always there already would never be found to be late.
"""

from __future__ import annotations

import asyncio

FEW = 16
"""Pieces that are taken as they come; 64 KiB come in five to forty-five."""

_GATHER_S = 0.01


class Drip:
    """The pieces of one answer or handshake, which is to be over at ``end_s`` of the loop's clock."""

    def __init__(self, end_s: float) -> None:
        self._end_s = end_s
        self._pieces = 0
        self._late = 0

    async def next(self) -> None:
        """Count one more piece that is waited for; raises TimeoutError when there is no end to them.

        A few are taken after the end: what our own lateness left lying in the kernel has come in time.
        """
        self._pieces += 1
        if asyncio.get_running_loop().time() >= self._end_s:
            self._late += 1
            if self._late > FEW:
                raise TimeoutError
        if self._pieces > FEW:
            await asyncio.sleep(_GATHER_S)
