"""Targets: files that people wrote for camaudit, and the bundles that come back. At most one line a problem."""

from __future__ import annotations

import io
import os
import socket
import zipfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cache
from importlib.resources.abc import Traversable
from ipaddress import ip_address
from itertools import islice
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from camaudit.answers.given import from_file, from_text
from camaudit.bundle import checking, signing
from camaudit.credentials.file import load_credentials
from camaudit.errors import CamauditError
from camaudit.estate.form import load_estate
from camaudit.filled import is_ours, read_filled
from camaudit.imports.columns import ColumnFile, chosen_columns
from camaudit.model import Observation, Outcome
from camaudit.model import Target as Asked
from camaudit.net.scope import parse_scope
from camaudit.notes import load_notes, write_notes
from camaudit.policy.packs import build_pack
from camaudit.policy.schema import PackForm
from camaudit.policy.waivers import load_waivers
from camaudit.prices import PricesFile, problems_of
from camaudit.report.columns import SHEETS, Column, Holds
from camaudit.resources import data_folder, yaml_files
from camaudit.signatures.clouds import contacts_of
from camaudit.signatures.fields import FIELDS
from camaudit.signatures.load import Knowledge, load_knowledge
from camaudit.signatures.match import match
from camaudit.signatures.schema import EntityFile, OemFile, SignatureFile
from camaudit.site import load_site
from camaudit.yamlio import load, parse
from fuzz.seeds import ROOT, files, light, made
from fuzz.target import Run, Target, file_of, folder

_REFUSED = (CamauditError,)
_ANSWERS = """schema: camaudit/answers@1
by: A. Person
day: 2026-11-30
answers:
  - {question: federal_contract, answer: no}
  - {question: maker, answer: [hikvision, dahua], targets: [192.0.2.5], until: 2027-01-01}
"""
_SITE = """schema: camaudit/site@1
name: Oak Primary
jurisdiction: US-TX
kind: school
facts: {spends_us_federal_awards: true}
scope: [192.0.2.0/24, 198.51.100.7]
exclude: [192.0.2.1]
core_networks: [192.0.2.0/28]
groups: {yard: [192.0.2.9]}
language: en
quiet_hours: ['22:00-06:00']
attestations:
  - {targets: [192.0.2.9], not_made_by: [hikvision], given_by: Seller Ltd, dated: 2026-01-02, reference: letter 7}
sightings:
  - {targets: [192.0.2.9], seen_by: A. Person, seen_on: 2026-01-02, made_by: hikvision, reads: DS-2CD}
decisions:
  - {question: "pack:rule", targets: [192.0.2.9], answer: x, decided_by: B,
     decided_on: 2026-01-02, review_by: 2027-01-02}
deadlines: {replace: 2027-08-31}
responsible: {replace: it}
locations: {192.0.2.9: Gate}
"""
_NOTES = """schema: camaudit/notes@1
units:
  - {id: a1, location: Gate, decision: replace}
steps:
  - {step: "replace: x", done: 2026-11-30}
"""
_CREDENTIALS = """- match: {group: yard, maker: hikvision}
  username: auditor
  password_env: CAMAUDIT_YARD
- match: {addresses: [192.0.2.24, 192.0.2.64-80], mac: '3c:ef:8c'}
  username: auditor
  password_file: secrets/dahua.txt
"""
_YAML_WORDS = (
    b"schema: ",
    b"- ",
    b"*a",
    b"&a ",
    b"!!python/object:os.system",
    b"<<: *a",
    b"{",
    b"[",
    b": ",
    b"? ",
    b"!!binary ",
    b"0x",
    b"1:30",
    b"2026-02-30",
    b"\xff\xfe",
    b"\n\n---\n",
    b"|\n",
    b"%YAML 9\n",
    b"~",
)


def _site(file: Path) -> object:
    if not (folder() / "prices.yaml").exists():
        file_of((ROOT / "examples" / "school" / "prices.yaml").read_bytes(), "prices.yaml")
    return load_site(file)


def _notes(file: Path) -> None:
    """Read notes, and read again what is written of them: from then on nothing changes any more."""
    write_notes(file, load_notes(file))
    once = load_notes(file)
    write_notes(file, once)
    assert load_notes(file) == once


def _file(reader: Callable[[Path], object], name: str) -> Run:
    return lambda data: reader(file_of(data, name))


def _estate(file: Path) -> object:
    for name in ("sites/oak-primary.yaml", "sites/elm-secondary.yaml"):
        if not (folder() / name).exists():
            (folder() / "sites").mkdir(exist_ok=True)
            file_of(b"schema: camaudit/site@1\nname: a\nscope: [192.0.2.0/24]\n", name)
    return load_estate(file)


def _credentials(file: Path) -> object:
    os.environ["CAMAUDIT_YARD"] = "a password"
    if not (folder() / "secrets").exists():
        (folder() / "secrets").mkdir()
        file_of(b"another password\n", "secrets/dahua.txt").chmod(0o600)
    return load_credentials(file, makers=("hikvision",), groups={"yard": ("192.0.2.1",)})


def _pack(data: bytes) -> None:
    text = data.decode("latin-1")
    form = parse(text, PackForm, "pack.yaml")
    build_pack(file_of(data, "pack.yaml"), form, {each.id: each for each in form.own_instruments}, {}, [])


def _form(kind: Any) -> Run:
    return lambda data: load(file_of(data, "form.yaml"), kind)


def _prices(data: bytes) -> None:
    list(problems_of(load(file_of(data, "prices.yaml"), PricesFile).prices))


def _signatures(data: bytes) -> None:
    """Load a knowledge base whose one file of signs is the input."""
    base = _base()
    (base / "vendors" / "acme.yaml").write_bytes(data)
    load_knowledge(base)


@cache
def _base() -> Path:
    base = folder() / "signatures"
    (base / "vendors").mkdir(parents=True)
    packaged = data_folder("signatures")
    for name in ("entities.yaml", "oem.yaml", "sources.yaml", "vulnerabilities.yaml", "clouds.yaml"):
        (base / name).write_bytes(_SMALL[name] if name in _SMALL else (packaged / name).read_bytes())
    return base


_SMALL = {
    "entities.yaml": b"schema: camaudit/entities@1\nentities:\n"
    b"  - {id: acme, name: Acme, type: maker, source: [notes], prior: 0.1}\n",
    "oem.yaml": b"schema: camaudit/oem@1\nbrands: []\n",
    "sources.yaml": b"schema: camaudit/sources@1\nsources:\n"
    b"  notes: {what: a, version: b, licence: c, where: d}\n",
    "vulnerabilities.yaml": b"schema: camaudit/vulnerabilities@1\ngrammars: {}\nvulnerabilities: []\n",
    "clouds.yaml": b"schema: camaudit/clouds@1\nclouds: []\n",
}
_SIGN = """schema: camaudit/signatures@1
maker: acme
signatures:
  - id: acme-realm
    reads: http.realm
    pattern: '^Acme (?P<model>AC-\\d{4})$'
    says: maker
    strength: strong
    seen_in: 0.5
    seen_in_others: 0.001
    source: [notes]
    examples:
      - {text: Acme AC-1200, extracts: {model: AC-1200}, source: notes}
    rejects:
      - {text: Acme Router, source: made}
"""


@cache
def _knowledge() -> Knowledge:
    return load_knowledge(data_folder("signatures"))


_NAMES = tuple(sorted(FIELDS))


def _matching(data: bytes) -> None:
    """Match a text of a device by every sign that reads the field that the first bytes choose."""
    text = data[2:].decode("latin-1")
    name = _NAMES[int.from_bytes(data[:2], "big") % len(_NAMES)]
    fields: Mapping[str, tuple[str, ...]] = {name: (text,)}
    found = match(fields, _knowledge())
    assert all(each.excerpt is not None for each in found.evidence)
    contacts_of(fields, _knowledge().clouds)
    Observation(Asked("192.0.2.1"), "http", Outcome.ANSWERED, fields, _NEVER)


_NEVER: Any = None


def _matching_seeds() -> Iterable[bytes]:
    for sign in _knowledge().signatures[::5]:
        at = _NAMES.index(sign.signature.reads) if sign.signature.reads in _NAMES else 0
        for example in sign.signature.examples[:1]:
            yield at.to_bytes(2, "big") + example.text.encode()[:1024]


def _targets(data: bytes) -> None:
    """Read targets as an operator writes them; no name is looked up."""
    words = data.decode("utf-8", "replace").split("\n")
    given = [word for word in words if word and not word.startswith("@")]
    known, socket.getaddrinfo = socket.getaddrinfo, _no_such_host
    try:
        scope = parse_scope(given[:4], given[4:8])
        # What a run keeps of its scope, and what is cut up for sites, is the same scope.
        again = parse_scope(*scope.resolved, allow_public=True)
        assert (again.spans, again.excluded) == (scope.spans, scope.excluded)
        assert all(scope.covers(span) for span in scope.spans)
        for address in islice(scope.addresses(), 20):
            assert scope.sweeps(address)
            assert scope.contains(address) or scope.excludes(ip_address(address))
        if scope.size() <= _CUT_UP:
            assert sum(piece.size for piece in scope.pieces(256) if piece.is_swept) == scope.size()
    finally:
        socket.getaddrinfo = known


_CUT_UP = 4096


def _no_such_host(*_: object, **__: object) -> Any:
    raise OSError("no names in here")


def _sshsig(data: bytes) -> None:
    text = data.decode("ascii", "replace")
    assert signing.signed_by(b"another message", text, "camaudit-bundle") is None
    with suppress(CamauditError):
        signing.read_signer(text, "key.pub")


def _sums(data: bytes) -> None:
    listed = dict(checking._listed(data))
    assert not any(name.startswith("/") or ".." in name.split("/") for name in listed)


def _rows(data: bytes) -> None:
    (folder() / "rows.jsonl").write_bytes(data)
    list(checking._rows(folder() / "rows.jsonl"))


@cache
def _key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes(32))


def _signatures_of_ssh() -> Iterable[bytes]:
    yield signing.sign(b"a message", _key(), "camaudit-bundle").encode()
    yield f"camaudit {signing.signer_of(_key()).line}".encode()


def _filled(data: bytes) -> None:
    """Read back a workbook of ours whose first sheet is the input."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as book:
        for name, text in _parts().items():
            book.writestr(name, data if name == "xl/worksheets/sheet1.xml" else text)
    file = file_of(whole.getvalue(), "register.xlsx")
    assert is_ours(file)
    read_filled(file)


@cache
def _parts() -> dict[str, bytes]:
    from openpyxl import Workbook
    from openpyxl.packaging.custom import StringProperty

    from camaudit.report.format_words import format_words

    book: Any = Workbook()  # its types leave out the marks
    whole = io.BytesIO()
    for key in ("register", "plan", "questions"):
        sheet = book.create_sheet(format_words().sheets[key])
        sheet.append([column.title for column in SHEETS[key]])
        sheet.append([_entry(column) for column in SHEETS[key]])
    book.remove(book.worksheets[0])
    for name, value in (("camaudit", "camaudit/workbook@1"), ("camaudit-run", "r1"), ("camaudit-language", "en")):
        book.custom_doc_props.append(StringProperty(name=name, value=value))
    book.save(whole)
    with zipfile.ZipFile(io.BytesIO(whole.getvalue())) as parts:
        return light({name: parts.read(name) for name in parts.namelist()})


def _entry(column: Column) -> str | None:
    """Return what somebody may have filled in."""
    if not column.filled:
        return "x" if column.key in ("id", "what", "fact") else None
    if column.holds is Holds.DAY:
        return "2027-01-02"
    return next(iter(column.choices.values())) if column.holds is Holds.PICK else "a note"


def _yaml(folder_of: Traversable, most: int = 4) -> Callable[[], Iterable[bytes]]:
    return lambda: (each.read_bytes() for each in sorted(yaml_files(folder_of), key=lambda f: f.name)[:most])


def yaml_target(name: str, run: Run, seeds: Callable[[], Iterable[bytes]], *modules: str) -> Target:
    """Return the target of a reader of YAML."""
    # A file of secrets says less of what is wrong with it.
    says = "_silent_problem _places_only" if name in _SECRETIVE else "_problem"
    places = (
        f"camaudit.yamlio:load parse _text_of _line_of {says}",
        *(f"camaudit.{module}" for module in modules),
    )
    return Target(name, run, seeds, places, allowed=_REFUSED, words=_YAML_WORDS, limit=6144)


_SECRETIVE = ("credentials-yaml", "notify-yaml")

TARGETS = (
    yaml_target(
        "site-yaml",
        _file(_site, "a.yaml"),
        lambda: (*files("examples/school/site.yaml", "examples/council/site.yaml")(), _SITE.encode()),
        "site:load_site site_of _of_planning is_jurisdiction _problems _problem_of_fact _hint",
        "planning:planning _from_file planning_problems _ends _day _mapped",
        "records:AttestationForm SightingForm DecisionForm problems _empty",
    ),
    yaml_target(
        "estate-yaml",
        _file(_estate, "e.yaml"),
        files("examples/estate/estate.yaml"),
        "estate.form:load_estate _problems",
    ),
    yaml_target(
        "answers-yaml", _file(from_file, "answers.yaml"), made(_ANSWERS), "answers.given:from_file _as_text"
    ),
    yaml_target(
        "waivers-yaml",
        _file(load_waivers, "w.yaml"),
        files("examples/waivers/waivers.yaml"),
        "policy.waivers:load_waivers _problems",
    ),
    yaml_target(
        "credentials-yaml",
        _file(_credentials, "c.yaml"),
        made(_CREDENTIALS),
        "credentials.file",
        "credentials.match:Known Credential digits_of",
    ),
    yaml_target(
        "pack-yaml",
        _pack,
        files("examples/own-policy/own-decision.yaml"),
        "policy.packs",
        "policy.conditions:Parser",
    ),
    yaml_target(
        "notes-yaml",
        _file(_notes, "n.yaml"),
        made(_NOTES),
        "notes:load_notes _problems write_notes _lines _item _scalar",
    ),
    yaml_target("prices-yaml", _prices, files("examples/school/prices.yaml"), "prices"),
    yaml_target(
        "signatures-yaml",
        _signatures,
        made(_SIGN),
        "signatures.load:load_knowledge _located _wrong_file _wrong_signature",
    ),
    yaml_target("entities-yaml", _form(EntityFile), made(_SMALL["entities.yaml"])),
    yaml_target(
        "oem-yaml",
        _form(OemFile),
        made(
            "schema: camaudit/oem@1\nbrands:\n  - brand: label\n    made_by:\n"
            "      - {maker: acme, strength: high, source: [notes]}\n"
        ),
    ),
    yaml_target("signature-file", _form(SignatureFile), made(_SIGN)),
    yaml_target(
        "columns-yaml", _form(ColumnFile), made("schema: camaudit/columns@1\ncolumns:\n  ip: [IP, Adresse]\n")
    ),
    Target(
        "matching",
        _matching,
        _matching_seeds,
        ("camaudit.signatures.match", "camaudit.signatures.names", "camaudit.signatures.sign"),
        limit=2048,
    ),
    Target(
        "targets",
        _targets,
        made(
            "192.0.2.10\n192.0.2.0/24\n192.0.2.10-40\n2001:db8::1\nfe80::1%lo",
            "10.0.0.0/8\n10.1.0.0/16\ncamera.example",
        ),
        (
            "camaudit.net.scope:Scope parse_scope _span _range _is_address _looks_numeric _check _is_private",
            "camaudit.net.span",
        ),
        allowed=_REFUSED,
        words=(b"/0", b"-", b"%", b"::", b"255.255.255.255", b"\n"),
        limit=512,
    ),
    Target(
        "answer-text",
        lambda data: from_text(data.decode("utf-8", "replace")),
        made("maker=hikvision"),
        ("camaudit.answers.given",),
        allowed=_REFUSED,
        limit=256,
    ),
    Target(
        "column-text",
        lambda data: chosen_columns(data.decode("utf-8", "replace").split("\n")),
        made("address=IP", "address=IP\nmaker=Make\nname=Camera name"),
        ("camaudit.imports.columns:chosen_columns meanings",),
        allowed=_REFUSED,
        limit=256,
    ),
    Target(
        "sshsig",
        _sshsig,
        _signatures_of_ssh,
        ("camaudit.bundle.signing",),
        limit=1024,
        words=(b"-----BEGIN SSH SIGNATURE-----\n", b"ssh-ed25519 ", b"U1NIU0lH"),
    ),
    Target(
        "bundle-sums",
        _sums,
        made("0" * 64 + "  run/runs.jsonl\n"),
        ("camaudit.bundle.checking:_listed",),
        allowed=_REFUSED,
        words=(b"a" * 64 + b"  ../x\n", b"/etc"),
    ),
    Target(
        "bundle-rows",
        _rows,
        made('{"id": "a"}\n{}\n'),
        ("camaudit.bundle.checking:_rows _text",),
        allowed=_REFUSED,
        words=(b"{", b"[" * 9, b"\n", b"1e999"),
    ),
    Target(
        "workbook-back",
        _filled,
        lambda: (_parts()["xl/worksheets/sheet1.xml"],),
        ("camaudit.filled:read_filled _read _Line _rows _line _value _day _units _steps _answers",),
        allowed=_REFUSED,
        words=(b'<c r="XFD9">', b"<f>1</f>", b't="d"', b'<row r="9">', b't="inlineStr"'),
    ),
)
