"""Which account is meant for which device: the first that matches, and no other."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from camaudit.model import Account
from camaudit.net.scope import Scope


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a device before anybody logs in; ``maker`` is an id, where it is at least probable."""

    address: str
    macs: tuple[str, ...] = ()
    maker: str = ""


@dataclass(frozen=True, slots=True)
class Credential:
    """One entry of the file. ``name`` tells it from the others and gives nothing away; it may be stored.

    ``addresses`` and ``groups`` are scopes, ``macs`` whole addresses or prefixes as lower-case hexadecimal digits;
    what is ``None`` matches every device.
    """

    name: str
    account: Account
    addresses: Scope | None = None
    macs: tuple[str, ...] | None = None
    makers: tuple[str, ...] | None = None
    group: Scope | None = None

    def matches(self, device: Known) -> bool:
        """Say whether every part that was given fits the device."""
        macs = tuple(map(digits_of, device.macs))
        return (
            (self.addresses is None or self.addresses.contains(device.address))
            and (self.group is None or self.group.contains(device.address))
            and (self.macs is None or any(mac.startswith(self.macs) for mac in macs))
            and (self.makers is None or device.maker in self.makers)
        )


def first_match(credentials: Iterable[Credential], device: Known) -> Credential | None:
    """Return the first entry that fits; what stands below it is not for this device."""
    return next((credential for credential in credentials if credential.matches(device)), None)


def digits_of(mac: str) -> str:
    """Return a MAC address as hexadecimal digits in lower case."""
    return re.sub(r"[^0-9a-f]", "", mac.lower())
