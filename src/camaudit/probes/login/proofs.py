"""What a login sends that a password could be guessed from, and a reading without it.

A device may say back what it was sent, as its model or its name, and what it says is stored and shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from camaudit.model import Account
from camaudit.probes.record import Fields

_PROOF = re.compile(r'response="([^"]{16,})"|<Password [^<>]{0,400}>([^<]{16,})<')
_SHORT = 6
"""A password of fewer letters stands in many words by chance; no device should take one."""


def proofs_in(sent: str) -> tuple[str, ...]:
    """Return the digests of a password in a header of HTTP or of SOAP."""
    return tuple(one or other for one, other in _PROOF.findall(sent))


def without(fields: Mapping[str, Iterable[str]], proofs: Iterable[str], account: Account) -> Fields:
    """Return the fields with every mention of the digests, and of the password itself, taken out."""
    password = account.password.reveal()
    secrets = [*proofs, *([password] if len(password) >= _SHORT else [])]
    if not secrets:
        return {name: tuple(values) for name, values in fields.items()}
    mention = re.compile("|".join(map(re.escape, secrets)), re.IGNORECASE)
    return {name: tuple(mention.sub("…", value) for value in values) for name, values in fields.items()}
