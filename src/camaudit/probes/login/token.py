"""WS-Security UsernameToken with a password digest: in go an account and the device's time, out comes a header.

The password itself is never sent, and the digest holds for a few minutes of the device's own clock only.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from camaudit.model import Account

_WSS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss"
_SECURITY = f"{_WSS}-wssecurity-secext-1.0.xsd"
_UTILITY = f"{_WSS}-wssecurity-utility-1.0.xsd"
_DIGEST = f"{_WSS}-username-token-profile-1.0#PasswordDigest"
_BASE64 = f"{_WSS}-soap-message-security-1.0#Base64Binary"


def header(account: Account, at: datetime, *, nonce: bytes | None = None) -> str:
    """Return the SOAP header for one request; ``at`` is the time by the device's clock."""
    once = secrets.token_bytes(16) if nonce is None else nonce
    created = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.}{at.microsecond // 1000:03d}Z"
    signed = once + created.encode() + account.password.reveal().encode()
    digest = base64.b64encode(hashlib.sha1(signed, usedforsecurity=False).digest()).decode()
    return (
        f'<s:Header><Security s:mustUnderstand="1" xmlns="{_SECURITY}"><UsernameToken>'
        f"<Username>{escape(account.username)}</Username>"
        f'<Password Type="{_DIGEST}">{digest}</Password>'
        f'<Nonce EncodingType="{_BASE64}">{base64.b64encode(once).decode()}</Nonce>'
        f'<Created xmlns="{_UTILITY}">{created}</Created></UsernameToken></Security></s:Header>'
    )
