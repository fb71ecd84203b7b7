"""Three sites in three networks and a broker in a fourth: whoever dies or comes late, nothing is lost."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from lab import Lab, why_not

import rabbitmq
from camaudit.store import Store
from rabbitmq import Rabbit

SITES = ("ash", "birch", "cedar")
SITE = """schema: camaudit/site@1
name: {site}
jurisdiction: GB-ENG
kind: school
scope: [127.80.{number}.0/26]
"""
HUB = 4
ADDRESS, PORT = "198.51.100.4", 45671
URL = f"amqps://{ADDRESS}:{PORT}/camaudit"
pytestmark = [
    pytest.mark.skipif(bool(why_not()), reason=why_not() or "-"),
    pytest.mark.skipif(bool(rabbitmq.why_not()), reason=rabbitmq.why_not() or "-"),
]


@dataclass
class County:
    """The estate as it runs: its folder, the lab it lives in, the broker, and every process by its name."""

    folder: Path
    lab: Lab
    broker: Rabbit
    running: dict[str, subprocess.Popen[str]]

    def command(self, where: int, *arguments: str) -> list[str]:
        return [*self.lab.prefix(where), sys.executable, "-m", "camaudit", *arguments]

    def start(self, name: str, where: int, *arguments: str, cwd: Path | None = None) -> None:
        environment = {**os.environ, "XDG_DATA_HOME": str(self.folder / "data"), "NO_COLOR": "1"}
        with (self.folder / f"{name}.log").open("a") as log:
            self.running[name] = subprocess.Popen(
                self.command(where, *arguments),
                cwd=cwd or self.folder,
                env=environment,
                stdout=log,
                stderr=log,
                text=True,
            )

    def run(self, where: int, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "XDG_DATA_HOME": str(self.folder / "data"), "NO_COLOR": "1", "COLUMNS": "120"}
        return subprocess.run(
            self.command(where, *arguments),
            cwd=cwd or self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=600,
        )

    def worker(self, site: str) -> None:
        number = SITES.index(site) + 1
        self.start(f"worker-{site}", number, "worker", "--rate", "400", cwd=self.folder / "enrolled" / site)

    def stop(self, name: str) -> None:
        process = self.running.pop(name)
        process.kill()
        process.wait(timeout=20)

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text("utf-8")

    def jobs(self) -> Counter[tuple[str, str]]:
        """Return how many jobs of each site are in which state, by the hub's store."""
        store = self.folder / "hub.sqlite3"
        if not store.is_file():
            return Counter()
        with contextlib.closing(sqlite3.connect(store, timeout=10)) as connection:
            if not connection.execute("select 1 from sqlite_master where name = 'jobs'").fetchone():
                return Counter()
            return Counter(connection.execute("select site, state from jobs").fetchall())

    def wait(self, ready: Callable[[], bool], what: str, seconds: float = 90) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if ready():
                return
            time.sleep(0.1)
        raise AssertionError(f"{what}; {dict(self.jobs())}; {[self.log(name)[-800:] for name in self.running]}")


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    """Return three sites with their own simulated cameras, enrolled, and a broker that runs."""
    folder = tmp_path_factory.mktemp("county")
    with contextlib.ExitStack() as stack:
        lab = stack.enter_context(Lab())
        for number in (1, 2, 3, HUB):
            lab.host(f"198.51.100.{number}", f"02:00:00:00:70:{number:02}")
            lab.loopback(number)
        for number, site in enumerate(SITES, 1):
            # Each site has the same addresses as the others, as schools do, and other cameras.
            network = f"127.80.{number}.0/24"
            fleet = lab.serve(
                number, sys.executable, "-m", "camaudit.simulator", "--multiply", "24", "--network", network,
                "--log", str(folder / f"fleet-{site}.jsonl"),
            )  # fmt: skip
            stack.callback(_end, fleet)
            assert fleet.stdout is not None
            assert fleet.stdout.readline().startswith("ready")
            (folder / f"{site}.yaml").write_text(SITE.format(site=site, number=number))
        _write_estate(folder)
        broker = Rabbit(folder / "rabbit", folder / "pki", URL, PORT, lab.prefix(HUB))
        county = County(folder, lab, broker, {})
        stack.callback(lambda: [county.stop(name) for name in list(county.running)])
        for site in SITES:
            done = county.run(HUB, "estate", "enroll", site)
            assert done.returncode == 0, done.stderr
        stack.callback(broker.kill)
        broker.start()
        yield county


def _write_estate(folder: Path) -> None:
    sites = "".join(f"  - {{id: {site}, site: {site}.yaml}}\n" for site in SITES)
    text = f"schema: camaudit/estate@1\nname: County\nchunk: 16\nsites:\n{sites}"
    (folder / "here.yaml").write_text(text)
    (folder / "estate.yaml").write_text(f"{text}broker: {{url: '{URL}', server_hostname: hub.test}}\n")


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    process.communicate(timeout=20)


def test_workers_and_broker_die_a_site_comes_late_and_nothing_is_lost_or_twice(county: County) -> None:
    county.worker("ash")
    county.worker("birch")
    store = f"sqlite:///{county.folder / 'hub.sqlite3'}"
    county.start("hub", HUB, "estate", "run", "--yes", "--store", store)
    # A worker dies in the middle of its work.
    county.wait(lambda: county.jobs()["ash", "done"] >= 1, "ash did nothing")
    county.stop("worker-ash")
    assert county.jobs()["ash", "waiting"], "it was done before it could be killed"
    # So does the broker.
    county.broker.kill()
    county.broker.start()
    county.worker("ash")
    county.wait(lambda: county.jobs()["ash", "done"] == county.jobs()["birch", "done"] == 4, "not done")
    # The third site was offline all the time; its jobs waited for it, and the hub says so.
    assert county.jobs()["cedar", "waiting"] == 4
    shown = county.run(HUB, "estate", "status", "--store", store).stdout
    assert "waiting for its worker" in shown
    county.worker("cedar")
    assert county.running.pop("hub").wait(timeout=90) == 0, county.log("hub")
    assert {state for _, state in county.jobs()} == {"done"}
    # What the workers brought is what a machine at each site would have found by itself.
    for number, site in enumerate(SITES, 1):
        own = f"sqlite:///{county.folder / site}.sqlite3"
        alone = county.run(number, "estate", "run", site, "--estate", "here.yaml", "--yes", "--store", own)
        assert alone.returncode == 0, alone.stderr
        run = f"{_batch(county)}-{number - 1:04}"
        theirs = _reported(county, store, run, f"{site}-hub")
        ours = _reported(county, own, None, f"{site}-own")
        assert len(theirs["devices"]) == 24
        assert _said(theirs) == _said(ours)
        assert theirs["coverage"]["answered"] == ours["coverage"]["answered"] == 24
        there = _observed(county.folder / "hub.sqlite3", run)
        here = _observed(county.folder / f"{site}.sqlite3", None)
        # A busy machine asks a page once more; a result that was taken twice would double every count.
        assert there.keys() == here.keys()
        assert there.total() < 1.3 * here.total()


def _batch(county: County) -> str:
    with contextlib.closing(sqlite3.connect(county.folder / "hub.sqlite3")) as connection:
        return str(connection.execute("select max(batch) from jobs").fetchone()[0])


def _reported(county: County, store: str, run: str | None, output: str) -> dict[str, Any]:
    named = [run] if run else []
    done = county.run(HUB, "report", *named, "--store", store, "--format", "json", "--output", output)
    assert done.returncode in (0, 1), done.stderr
    found: dict[str, Any] = json.loads((county.folder / output / "report.json").read_text("ascii"))
    return found


def _said(report: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    devices = [(d["address"], d["maker"], d["brand"], d["model"], d["verdict"]) for d in report["devices"]]
    return devices, [(f["device"], f["policy"], f["rule"], f["verdict"]) for f in report["findings"]]


def _observed(store: Path, run: str | None) -> Counter[tuple[str, str]]:
    """Return how often each host was read by each probe: a result that was taken twice would show here."""
    seen = Store(f"sqlite:///{store}").run(run).observations
    # How often a multicast answer comes in varies from scan to scan, and which of two ports answers first.
    told = [(at, o.probe) for at, items in seen.items() for o in items if o.target.port is not None]
    assert len(told) > 24
    return Counter(told)


STOLEN = """
import sys, json, amqp
from pathlib import Path
from camaudit.estate import agent, broker
told = agent.load_agent(Path(sys.argv[1]))
app = broker.connect(told.link)
def tried(what):
    connection = app.connection()
    try:
        what(connection.channel())
        connection.drain_events(timeout=1)
        return "let in"
    except TimeoutError:
        return "let in"
    except Exception as error:
        return f"{getattr(error, 'code', 0)} {type(error).__name__}"
    finally:
        connection.release()
publish = lambda exchange, key, **more: lambda ch: (
    ch.confirm_select(),
    ch.basic_publish(amqp.Message("{}", **more), exchange=exchange, routing_key=key),
)
print(json.dumps({
    "own queue": tried(lambda ch: ch.basic_get("site.ash")),
    "other's queue": tried(lambda ch: ch.basic_get("site.birch")),
    "results": tried(lambda ch: ch.basic_get("results")),
    "another's jobs": tried(publish("", "site.birch")),
    "own result": tried(publish("results", "", user_id="ash")),
    "other's result": tried(publish("results", "", user_id="birch")),
    "new queue": tried(lambda ch: ch.queue_declare("mine")),
}))
"""


def test_a_stolen_certificate_shows_and_changes_nothing_of_another_site(county: County) -> None:
    agent = county.folder / "enrolled" / "ash" / "agent.yaml"
    command = [*county.lab.prefix(1), sys.executable, "-c", STOLEN, str(agent)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said.pop("own queue") == said.pop("own result") == "let in"
    assert said.pop("other's result").startswith("406"), "the broker stamps who sent it"
    assert {name: answer[:3] for name, answer in said.items()} == dict.fromkeys(said, "403")


def test_who_has_no_certificate_of_the_estate_does_not_get_in(county: County, tmp_path: Path) -> None:
    from camaudit.estate import pki

    pki.make_authority(tmp_path / "pki", "Others", "hub.test")
    pki.enroll(tmp_path / "pki", tmp_path / "ash", "ash")
    own = county.folder / "enrolled" / "ash"
    (tmp_path / "ash" / "agent.yaml").write_text((own / "agent.yaml").read_text())
    # It trusts the right authority, but its own certificate comes from another.
    (tmp_path / "ash" / "ca.pem").unlink()
    (tmp_path / "ash" / "ca.pem").write_bytes((own / "ca.pem").read_bytes())
    command = [*county.lab.prefix(1), sys.executable, "-c", STOLEN, str(tmp_path / "ash" / "agent.yaml")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert "let in" not in done.stdout
