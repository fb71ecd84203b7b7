"""Targets: more that people write: files of receivers, logins and periods, and words on the command line."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from camaudit.answers.given import Given
from camaudit.answers.settling import Asked, settle
from camaudit.answers.writing import answer_site_file
from camaudit.bundle.signing import load_key
from camaudit.cli import options
from camaudit.credentials.first_line import first_line
from camaudit.errors import CamauditError
from camaudit.estate.agent import load_agent
from camaudit.model import Site
from camaudit.net.quiet import parse_quiet
from camaudit.periods import load_periods
from camaudit.report.ticket_files import keys_of
from camaudit.scan.ports import parse_ports
from camaudit.scan.switch_logins import logins
from camaudit.signatures.clouds import CloudFile, wrong_clouds
from camaudit.signatures.needed import needed_texts
from camaudit.signatures.patterns import wrong_pattern
from camaudit.signatures.vulnerable import VulnerabilityFile, parse_version, wrong_vulnerabilities
from camaudit.site import FACTS
from camaudit.telling.form import load_receivers
from camaudit.yamlio import load
from fuzz.seeds import ROOT, files, made
from fuzz.target import Run, Target, file_of, folder
from fuzz.written import yaml_target

_SECRETS = {"CAMAUDIT_WEBHOOK_SECRET": "whsec_" + "QUFB" * 12, "CAMAUDIT_SMTP_PASSWORD": "a password"}
_SNMP = """schema: camaudit/snmp@1
switches:
  - {addresses: [192.0.2.0/24], community_env: CAMAUDIT_YARD}
  - user: auditor
    authentication: sha256
    authentication_file: secrets/dahua.txt
    privacy: aes128
    privacy_env: CAMAUDIT_YARD
"""
_PERIODS = """schema: camaudit/periods@1
periods:
  - {name: Autumn, first: 2026-09-01, last: 2026-12-20}
  - {name: Spring, first: 2027-01-05, last: 2027-03-31}
"""
_AGENT = """schema: camaudit/agent@1
site: oak-primary
broker: amqps://hub.example:5671/camaudit
credentials: credentials.yaml
"""
_CLOUDS = """schema: camaudit/clouds@1
clouds:
  - {name: Acme Cloud, maker: acme, domains: [acme.example], source: [notes], hosts: ['d[0-9]+\\.acme\\.example']}
"""
_HOLES = """schema: camaudit/vulnerabilities@1
grammars: {acme: '^V(?P<a>\\d+)\\.(?P<b>\\d+) build (?P<date>\\d{6})$'}
vulnerabilities:
  - id: CVE-2026-0001
    maker: acme
    title: A hole
    source: [notes]
    checked: 2026-01-01
    affected:
      - {models: '^AC-', since: V1.0 build 200101, before: V2.0 build 210101}
"""
_JIRA = "Summary,Issue key,Labels,Labels\nReplace,CAM-1,camaudit,camaudit-01234567-0123456789\n,CAM-2,x,\n"
_GIVEN = (
    Given("kind", "school", "--answer"),
    Given("jurisdiction", "GB", "--answer"),
    Given("holds_us_federal_contracts", "yes", "--answer"),
    Given("core_networks", "192.0.2.0/28", "--answer"),
)


@cache
def _near() -> Path:
    """Return the folder of files beside which the secrets that these files name lie."""
    os.environ.update(_SECRETS, CAMAUDIT_YARD="a password")
    (folder() / "secrets").mkdir(exist_ok=True)
    file_of(b"another password\n", "secrets/dahua.txt").chmod(0o600)
    return folder()


def _file(reader: Callable[[Path], object], name: str) -> Run:
    def run(data: bytes) -> None:
        _near()
        reader(file_of(data, name))

    return run


def _snmp(file: Path) -> None:
    login_of = logins(file, "")
    for address in ("192.0.2.1", "fe80::1%lo"):
        login_of(address)


def _clouds(file: Path) -> None:
    known = load(file, CloudFile).clouds
    if not list(wrong_clouds(known, ("acme",), ("notes",))):
        assert all(cloud.owns("a.acme.example") in (True, False) for cloud in known)


def _holes(file: Path) -> None:
    known = load(file, VulnerabilityFile)
    if not list(wrong_vulnerabilities(known, ("acme",), ("notes",))):
        parse_version("V1.0 build 200101", known.grammars.get("acme", ""))


def _answered(file: Path) -> None:
    if not (file.parent / "prices.yaml").exists():
        (file.parent / "prices.yaml").write_bytes((ROOT / "examples" / "school" / "prices.yaml").read_bytes())
    answer_site_file(file, _GIVEN, Asked(), _TODAY)


def _quiet(data: bytes) -> None:
    for span in parse_quiet(_texts(data)):
        assert parse_quiet((str(span),)) == (span,)


def _words(data: bytes) -> None:
    """Read what stands behind an option of the command line; the first byte says which."""
    text = data[1:].decode("utf-8", "replace")
    readers: tuple[Callable[[str], object], ...] = (parse_ports, options.formats, options.audience, _terms)
    readers[(data[:1] or b"\0")[0] % len(readers)](text)


def _terms(text: str) -> None:
    # No word of a command line holds a NUL.
    if "/" not in text and "\0" not in text:
        options.terms(text)


def _answer(data: bytes) -> None:
    """Settle an answer that somebody wrote; the first byte says to which question."""
    key = _KEYS[(data[:1] or b"\0")[0] % len(_KEYS)]
    said, _, by = data[1:].decode("utf-8", "replace").partition("\n")
    given = Given(key, said, "--answer", by=by or "A. Person", reads=by)
    settle(
        Site("x", jurisdiction="us"), (given,), Asked(names={"hikvision": "Hikvision", "dahua": "Dahua"}), _TODAY
    )


def _pattern(data: bytes) -> None:
    """Search by a pattern that was let through: whatever text it is given, it must not stall."""
    pattern = data.decode("utf-8", "replace")
    if wrong_pattern(pattern):
        return
    needed = needed_texts(pattern)
    compiled = re.compile(pattern)
    pieces = {pattern[at : at + size] for size in (1, 2, 3) for at in range(0, min(len(pattern), 24))}
    began = time.thread_time()
    for piece in sorted(pieces | {"a", "0", " "}):
        text = piece * (_LONG // len(piece)) + "\x01"
        found = compiled.search(text)
        hidden = found and needed and text.isascii() and not any(each in text.lower() for each in needed)
        assert not hidden, "a text that the pattern matches does not hold what it was said to need"
    assert time.thread_time() - began < _LONGEST_S, "stalls"


def _secret(file: Path) -> None:
    file.chmod(0o600)
    first_line(file, private=True)


def _texts(data: bytes) -> list[str]:
    return data.decode("utf-8", "replace").split("\n")[:8]


_TODAY = date(2026, 11, 30)
_KEYS = (
    "kind",
    "jurisdiction",
    "core_networks",
    "maker:192.0.2.1",
    "kind:192.0.2.1",
    "pack:rule",
    *sorted(FACTS)[:4],
)
_LONG = 600
_LONGEST_S = 1.0
_REFUSED = (CamauditError,)
_KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))

TARGETS = (
    yaml_target(
        "notify-yaml",
        _file(load_receivers, "notify.yaml"),
        files("examples/notify/notify.yaml"),
        "telling.form",
        "telling.form_checks",
    ),
    yaml_target("snmp-yaml", _file(_snmp, "snmp.yaml"), made(_SNMP), "scan.switch_logins"),
    yaml_target("periods-yaml", _file(load_periods, "periods.yaml"), made(_PERIODS), "periods"),
    yaml_target("agent-yaml", _file(load_agent, "agent.yaml"), made(_AGENT), "estate.agent"),
    yaml_target("clouds-yaml", _file(_clouds, "clouds.yaml"), made(_CLOUDS), "signatures.clouds"),
    yaml_target(
        "vulnerabilities-yaml", _file(_holes, "vulnerabilities.yaml"), made(_HOLES), "signatures.vulnerable"
    ),
    yaml_target(
        "answered-site",
        _file(_answered, "answered.yaml"),
        files("examples/school/site.yaml", "examples/council/site.yaml"),
        "answers.editing",
        "answers.writing",
        "answers.settling:settle _settled _known _with_site _with_core",
    ),
    Target(
        "quiet-text",
        _quiet,
        made("08:00-16:00 Europe/London", "22:00-06:00\n12:00-12:30 UTC"),
        ("camaudit.net.quiet:Quiet parse_quiet _span _zone",),
        allowed=_REFUSED,
        words=(b"24:00", b" Etc/GMT+5", b"\n", b"-", b" ../x"),
        limit=256,
    ),
    Target(
        "option-words",
        _words,
        made("\x0080,554,8000-8010", "\1html,pdf", "\2board", "\3school-year"),
        ("camaudit.scan.ports:parse_ports _is_number",),
        allowed=_REFUSED,
        words=(b"-", b",", b"65535", b"\xc2\xb2", b"9" * 40),
        limit=256,
    ),
    Target(
        "ticket-export",
        _file(keys_of, "jira.csv"),
        made(_JIRA),
        ("camaudit.report.ticket_files:keys_of",),
        allowed=_REFUSED,
        words=(b'"', b"Issue key", b"\r", b"\0", b","),
        limit=2048,
    ),
    Target(
        "answer-words",
        _answer,
        made("\0school", "\1GB", "\x02192.0.2.0/28, 192.0.2.64/28", "\x07yes", "\7don't know"),
        ("camaudit.answers.meaning", "camaudit.answers.settling:settle _settled _known _with_site _with_core"),
        allowed=_REFUSED,
        words=(b"no", b"none", b"hikvision", b"\xc2\xb2", b","),
        limit=256,
    ),
    Target(
        "pattern",
        _pattern,
        made(
            "^Acme (?P<model>AC-\\d{4})$",
            "(?i)server: (?:a|b){1,4}[^\\r\\n]{0,40}$",
            "DS-[0-9A-Z]{2,9}(?=-I)",
            "a+b+",
        ),
        tuple(f"camaudit.signatures.{name}" for name in ("patterns", "linear", "automaton", "letters", "walks")),
        words=(
            b"(?:",
            b")",
            b"{0,9}",
            b"\\w",
            b"\\s",
            b"|",
            b"[^",
            b"(?!",
            b"(?<=",
            b"*?",
            b"\\b",
            b"(?i)",
            b"(?x)",
            b"\\1",
        ),
        limit=64,
    ),
    Target(
        "key-file",
        _file(lambda file: load_key(file, None), "key"),
        lambda: (_KEY.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()),),
        ("camaudit.bundle.signing:load_key",),
        allowed=_REFUSED,
        limit=1024,
    ),
    Target(
        "secret-file",
        _file(_secret, "secret"),
        made("a password\n"),
        ("camaudit.credentials.first_line",),
        allowed=(ValueError,),
        limit=256,
    ),
)
