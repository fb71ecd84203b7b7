"""A webhook: in goes ``News``, out goes one signed POST to the operator's address; nothing is followed.

Signed as Standard Webhooks say: HMAC-SHA256 over id, time and body. The address is the one in the operator's file:
a redirect is an error, a proxy is one that the file names, and of the answer only the status counts.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
from urllib.parse import urlsplit

from camaudit.model import Secret
from camaudit.telling.document import render
from camaudit.telling.news import News
from camaudit.telling.receivers import Webhook
from camaudit.telling.sending import STEP_S, NotSent, trusting


def signature(secret: Secret, message: str, timestamp: int, body: bytes) -> str:
    """Return the value of ``webhook-signature``."""
    signed = f"{message}.{timestamp}.".encode() + body
    digest = hmac.new(secret.reveal().encode("latin-1"), signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def send(to: Webhook, news: News, timestamp: int) -> None:
    """Send the message; raise ``NotSent`` where the receiver did not say that it took it."""
    body = render(news)
    headers = {
        "content-type": "application/json",
        "user-agent": f"camaudit/{news.tool_version}",
        "webhook-id": news.id,
        "idempotency-key": news.id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(to.secret, news.id, timestamp, body),
    }
    parts = urlsplit(to.url)
    connection = _connection(to, parts.hostname or "", parts.port)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", target, body, headers)
        status = connection.getresponse().status
    except http.client.HTTPException:
        raise NotSent("it did not answer as a web server does") from None
    finally:
        connection.close()
    if 300 <= status < 400:
        raise NotSent(f"it sent us elsewhere (status {status}), which is not followed; write the address it means")
    if not 200 <= status < 300:
        raise NotSent(f"it said no (status {status})")


def _connection(to: Webhook, host: str, port: int | None) -> http.client.HTTPConnection:
    if to.proxy:
        proxy = urlsplit(to.proxy)
        through = http.client.HTTPSConnection(
            proxy.hostname or "", proxy.port, timeout=STEP_S, context=trusting(to.ca_file)
        )
        # The proxy sees the host and the port; the certificate is checked for the receiver's name.
        through.set_tunnel(host, port or 443)
        return through
    if to.url.lower().startswith("https:"):
        return http.client.HTTPSConnection(host, port, timeout=STEP_S, context=trusting(to.ca_file))
    return http.client.HTTPConnection(host, port, timeout=STEP_S)
