"""The ground that a scan stands on: the interfaces of its scope, as they were when it began.

In goes a scope, out comes whether they are still there. An adapter that was pulled out makes every device seem
silent: such a scan ends, and goes on when the adapter is back, instead of storing silence that is none.
"""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections.abc import Iterable, Iterator

from camaudit.errors import InterfaceLost
from camaudit.net.interfaces import Interface, carries, interfaces, on_link
from camaudit.net.scope import Scope

_LOOK_EVERY_S = 1.0
_FRESH_S = 0.25


class Footing:
    """``networks`` are those of the scope's own links; ``began`` are those of an earlier part of the same run.

    Raises InterfaceLost where this machine is in none of the networks that an earlier part was in.
    """

    def __init__(self, scope: Scope, names: tuple[str, ...], began: Iterable[str] = ()) -> None:
        self._links = on_link(scope, names)
        # What lies behind routers is reached by any of them.
        self._others = () if self._links else tuple(i for i in interfaces() if not i.network.is_loopback)
        # One that never had a link, as far as its driver tells, may still carry; it cannot lose any.
        self._carried = {link.name for link in (*self._links, *self._others) if carries(link.name)}
        self._looked_s = time.monotonic()
        here = {str(link.network) for link in interfaces() if carries(link.name)}
        for network in began:
            if network not in here:
                raise InterfaceLost(
                    f"this machine is no longer in {network}, where the scan began: connect it there again, then "
                    "`camaudit scan --resume` goes on"
                )

    @property
    def networks(self) -> list[str]:
        """Return the networks of the scope's own links, to be told to a later part of the run."""
        return list(dict.fromkeys(str(link.network) for link in self._links))

    async def watch(self) -> None:
        """Look every second, for as long as the scan lasts; raises InterfaceLost."""
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            self._look(self._links)

    def check(self) -> None:
        """Look now, because an address could not be reached; raises InterfaceLost."""
        if time.monotonic() - self._looked_s > _FRESH_S:
            self._look(self._links or self._others)

    def _look(self, links: Iterable[Interface]) -> None:
        now = interfaces()
        self._looked_s = time.monotonic()
        for link in links:
            is_down = link.name in self._carried and not carries(link.name)
            if is_down or not any(_stands_for(each, link) for each in now):
                raise InterfaceLost(
                    f"{link.name} ({link.address}) went away during the scan: hosts that were not finished were "
                    "asked no further; connect it again, then `camaudit scan --resume` goes on"
                )

    def changes(self) -> Iterator[str]:
        """Yield a line for each own address that is another than when the scan began."""
        now = interfaces()
        for link in self._links:
            if link not in now:
                new = next((each.address for each in now if _stands_for(each, link)), "none")
                yield (
                    f"this machine's address on {link.name} changed from {link.address} to {new} during the scan: "
                    "answers to the old one were lost; who is silent here may not have been"
                )


def _stands_for(now: Interface, link: Interface) -> bool:
    return now.name == link.name and ipaddress.IPv4Address(now.address) in link.network
