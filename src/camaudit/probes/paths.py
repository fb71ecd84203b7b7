"""Paths that a device names (redirects, icons, descriptions): which of them may be asked for at all.

A path is the device's wish. A GET can do something on many units, so nothing is asked for that names a deed.
"""

from __future__ import annotations

import re

_PLAIN = re.compile(r"/[!-~]{0,2000}\Z")

# RFC 3986 section 2.3: letters, digits and marks are never written so, but by whoever wants them to be overlooked.
# Neither is a percent sign, by which they can be written so twice, nor the longer forms that old servers take.
_DISGUISED = re.compile(r"(?i)%(?:u|25|2[de]|3[0-9]|[46][1-9a-f]|[57][0-9a]|[57]f|7e|c[01]|[01])")

# A request for audio.cgi rebooted a Lorex E891AB; ``auth=`` would be a login.
_DEEDS = re.compile(
    r"(?i)audio\.cgi"
    r"|re-?boot|restart|shut-?down|power-?off|(?<![a-z])reset|factory|upgrade"
    r"|[?&;](?:auth|login|user|usr|username|loginuse|pass|passwd|password|pwd|loginpas)="
    r"|[?&;](?:action|cmd|command|do|op)="
)


def is_plain_path(path: str) -> bool:
    """Say whether a path that a device gave can stand in a request line and do nothing else there."""
    return _PLAIN.match(path) is not None


def is_harmless(path: str) -> bool:
    """Say whether a path that a device names may be asked: plain, no deed, no login, nothing in disguise."""
    return is_plain_path(path) and not _DISGUISED.search(path) and not _DEEDS.search(path)
