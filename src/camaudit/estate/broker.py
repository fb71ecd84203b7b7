"""The engine with a broker: Celery over RabbitMQ, one queue a site, workers that only ever connect outward.

The hub puts each job into the queue of its site; the worker there scans it, publishes the result and only then
acknowledges the job. So a job whose worker dies is handed out again, and a result may come twice: ``gather`` takes
it once. Payloads are JSON. The broker stamps each result with the user who sent it, which is the site of the
certificate, so a stolen certificate answers for its own site and no other.
"""

from __future__ import annotations

import ssl
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from camaudit.errors import NetworkUnavailable, UsageError
from camaudit.estate.jobs import Job, job_from
from camaudit.estate.post import guard, opened
from camaudit.estate.work import Result

if TYPE_CHECKING:
    from celery import Celery
    from kombu import Message, Queue

TASK = "camaudit.scan"
RESULTS = "results"
_RETRY_S = 5.0
_SETTINGS: dict[str, Any] = {
    "task_serializer": "json",
    "accept_content": ["json"],
    "task_ignore_result": True,
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "task_create_missing_queues": False,
    "worker_prefetch_multiplier": 1,
    "worker_enable_remote_control": False,
    "worker_hijack_root_logger": False,
    "worker_send_task_events": False,
    "worker_cancel_long_running_tasks_on_connection_loss": False,
    "broker_heartbeat": 0,
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    "broker_transport_options": {"confirm_publish": True},
}
_PUBLISHED: dict[str, Any] = {
    "routing_key": "", "serializer": "json", "compression": "zlib", "delivery_mode": 2, "declare": [],
    "retry": True, "retry_policy": {"max_retries": None, "interval_max": 5},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Link:
    """How to reach the broker: its URL, and the files of the certificate that says who connects."""

    url: str
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    server_hostname: str = ""


def queue_of(site: str) -> str:
    """Return the name of the queue that holds the jobs of a site."""
    return f"site.{site}"


def connect(link: Link) -> Celery:
    """Return a Celery that talks to this broker; raise ``UsageError`` where it or a file is not here."""
    try:
        from celery import Celery
    except ModuleNotFoundError:
        raise UsageError("a broker needs Celery, which is not here: pip install 'camaudit[estate]'") from None
    app = Celery("camaudit", broker=link.url, set_as_current=False)
    app.conf.update(_SETTINGS)
    if link.url.startswith("amqps://"):
        app.conf.broker_use_ssl = _tls(link)
        # Who connects is read from the certificate alone; there is no password to lose.
        app.conf.broker_login_method = "EXTERNAL"
    return app


def _tls(link: Link) -> dict[str, Any]:
    files = {"ca_certs": link.ca, "certfile": link.certificate, "keyfile": link.key}
    for name, file in files.items():
        if file is None or not file.is_file():
            raise UsageError(f"{file}: no such file ({name}); make it with `camaudit estate enroll`")
    named = {name: str(file) for name, file in files.items()}
    # Without its name the library checks no host name at all.
    host = link.server_hostname or urlsplit(link.url).hostname or ""
    return {**named, "cert_reqs": ssl.CERT_REQUIRED, "server_hostname": host}


def _lost(app: Celery) -> tuple[type[Exception], ...]:
    """Return the errors that mean: the broker is not there now."""
    from kombu.exceptions import OperationalError

    return (*app.connection_for_read().recoverable_connection_errors, OperationalError, OSError)


@contextmanager
def told_plainly(app: Celery) -> Iterator[None]:
    """Turn a broker that cannot be reached into one line that says what to do."""
    try:
        yield
    except _lost(app) as error:
        where = urlsplit(str(app.conf.broker_url))
        raise NetworkUnavailable(
            f"the broker at {where.hostname}:{where.port or 5672}: {error}; check that it runs and knows this "
            "certificate"
        ) from None


def prepare(app: Celery, sites: Iterable[str]) -> None:
    """Make the queues of the sites and the one for results; only the hub may."""
    from kombu import Exchange, Queue

    with told_plainly(app), app.connection_for_write() as connection:
        channel = connection.channel()
        Queue(RESULTS, Exchange(RESULTS, type="fanout", durable=True), durable=True)(channel).declare()
        for site in sites:
            Queue(queue_of(site), durable=True)(channel).declare()


def send(app: Celery, jobs: Iterable[Job]) -> int:
    """Put jobs into the queues of their sites, where they wait for their worker; return how many."""
    waiting = tuple(jobs)
    app.conf.task_queues = [_queue(site) for site in dict.fromkeys(job.site for job in waiting)]
    with told_plainly(app), app.connection_for_write() as connection:
        for job in waiting:
            queue = queue_of(job.site)
            app.send_task(
                TASK, [job.as_json()], task_id=job.id, connection=connection, queue=queue, delivery_mode=2
            )
    return len(waiting)


def _queue(site: str) -> Queue:
    """Return a site's queue, reached by its name alone; who may declare queues is the hub."""
    from kombu import Exchange, Queue

    return Queue(queue_of(site), Exchange(""), routing_key=queue_of(site), durable=True, no_declare=True)


def receive(
    app: Celery, take: Callable[[Result, str], None], *, until: Callable[[], bool], wait_s: float = 1.0
) -> None:
    """Hand each result and the site it came from to ``take``, and only then let the broker forget it.

    Goes on until ``until`` says so, through a restart of the broker. What is no result is put aside and logged.
    """
    from kombu import Consumer, Queue

    def on_message(message: Message) -> None:
        site = str(message.properties.get("user_id") or "")
        try:
            take(opened(message.body), site)
        except UsageError as error:
            app.log.get_default_logger().warning("a result was put aside: %s", error)
        message.ack()

    def on_broken(message: Message, error: Exception) -> None:
        app.log.get_default_logger().warning("a result was put aside: %s", error)
        message.ack()

    guard()
    while not until():
        try:
            with app.connection_for_read() as connection:
                connection.ensure_connection(max_retries=1, timeout=2)
                queue = Queue(RESULTS, no_declare=True)
                taking = Consumer(connection, queue, on_message=on_message, prefetch_count=4)
                taking.on_decode_error = on_broken
                with taking:
                    _drain(connection, until, wait_s)
        except _lost(app):
            time.sleep(wait_s)


def _drain(connection: Any, until: Callable[[], bool], wait_s: float) -> None:
    while not until():
        try:
            connection.drain_events(timeout=wait_s)
        except TimeoutError:
            continue


def serve(app: Celery, site: str, do: Callable[[Job], Result]) -> None:
    """Work on the jobs of one site until ended, one at a time; a job is let go when its result was published."""
    from kombu import Exchange

    exchange = Exchange(RESULTS, type="fanout", durable=True, no_declare=True)
    app.conf.task_queues = [_queue(site)]
    app.conf.task_default_queue = queue_of(site)

    @app.task(name=TASK)  # type: ignore[untyped-decorator]  # Celery's own are not complete
    def scan(values: dict[str, Any]) -> None:
        result = do(job_from(values))
        with app.producer_or_acquire() as producer:
            producer.publish(result.as_json(), exchange=exchange, user_id=site, **_PUBLISHED)

    while _worked(app):
        # Its queue is not there yet, or no more: the hub's next word to the broker makes it.
        time.sleep(_RETRY_S)


def _worked(app: Celery) -> bool:
    """Work until ended by the operator; return whether the broker turned us away before that."""
    from celery.exceptions import SecurityWarning

    # It warns of root, which may read everything anyway; that our payloads are JSON is what keeps it harmless.
    warnings.simplefilter("ignore", SecurityWarning)
    worker = app.Worker(
        pool="solo",
        concurrency=1,
        loglevel="WARNING",
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    worker.start()
    return bool(worker.exitcode)
