"""What RabbitMQ must be told: its configuration, and who may do what. Text for the person who runs the broker.

A site's user has no password: it is who its certificate says. It may read its own queue, write results, and
nothing else, so that a stolen certificate shows nothing of another site.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from camaudit.estate.broker import RESULTS, queue_of
from camaudit.estate.pki import BROKER, HUB

_PORT = 5671
_LONGEST_JOB_MS = 6 * 3600 * 1000


def vhost_of(url: str) -> str:
    """Return the virtual host of a broker's URL."""
    return urlsplit(url).path.removeprefix("/") or "/"


def configuration(url: str, folder: str) -> str:
    """Return ``rabbitmq.conf`` for a broker whose certificates lie in ``folder`` on its machine."""
    port = urlsplit(url).port or _PORT
    return f"""# RabbitMQ for a camaudit estate. Needs the plug-in rabbitmq_auth_mechanism_ssl.
# Only TLS, and only for who shows a certificate of this estate; passwords are not accepted.
listeners.tcp = none
listeners.ssl.default = {port}
ssl_options.cacertfile = {folder}/ca.pem
ssl_options.certfile = {folder}/{BROKER}.pem
ssl_options.keyfile = {folder}/{BROKER}-key.pem
ssl_options.verify = verify_peer
ssl_options.fail_if_no_peer_cert = true
auth_mechanisms.1 = EXTERNAL
ssl_cert_login_from = common_name
# A job is let go when it is done; this is how long one may take before it is handed out again.
consumer_timeout = {_LONGEST_JOB_MS}
load_definitions = {folder}/definitions.json
"""


def definitions(url: str, sites: Iterable[str]) -> str:
    """Return the queues and users of an estate and what each may do, as RabbitMQ reads it."""
    vhost, names = vhost_of(url), sorted(sites)
    users: list[dict[str, Any]] = [{"name": name, "password_hash": "", "tags": []} for name in (HUB, *names)]
    everything = {"configure": ".*", "write": ".*", "read": ".*"}
    allowed = [{"user": HUB, "vhost": vhost, **everything}]
    for name in names:
        queue = queue_of(name).replace(".", r"\.")
        rights = {"configure": "^$", "write": f"^{RESULTS}$", "read": f"^{queue}$"}
        allowed.append({"user": name, "vhost": vhost, **rights})
    lasting = {"vhost": vhost, "durable": True, "auto_delete": False, "arguments": {}}
    whole = {
        "vhosts": [{"name": vhost}],
        "users": users,
        "permissions": allowed,
        "exchanges": [{"name": RESULTS, "type": "fanout", "internal": False, **lasting}],
        "queues": [{"name": name, **lasting} for name in (RESULTS, *map(queue_of, names))],
        "bindings": [
            {"source": RESULTS, "destination": RESULTS, "destination_type": "queue", "routing_key": "",
             "vhost": vhost, "arguments": {}}
        ],
    }  # fmt: skip
    return json.dumps(whole, indent=2) + "\n"
