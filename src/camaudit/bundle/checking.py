"""Checking a bundle: the signature, every hash, files that were added, and whether it is judged the same again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from camaudit import __version__, audit
from camaudit.bundle import form
from camaudit.bundle.signing import Signer, signed_by
from camaudit.bundle.writing import digest, files_of
from camaudit.catalogue import load_folders
from camaudit.errors import CamauditError, UsageError
from camaudit.language import ENGLISH, speak
from camaudit.model import Report
from camaudit.policy.waivers import load_waivers
from camaudit.report.json import as_json
from camaudit.site import load_site
from camaudit.store import Store
from camaudit.store.transfer import table_names

_LINE = re.compile(r"([0-9a-f]{64})  (\S[^\n]*)")
_MAX_BYTES = 512 * 1024 * 1024
_COMPARED = ("devices", "findings", "remediation", "summary")


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: nothing in ``problems`` is a bundle as it was signed, by ``signer``."""

    signer: Signer | None
    files: int
    problems: tuple[str, ...]


def check(folder: Path, expected: Signer | None = None) -> Checked:
    """Check a bundle; with ``expected`` only that key's signature passes.

    Raises ``UsageError`` where the folder is no bundle at all. What is not as it was signed is never opened.
    """
    sums, armoured = _seal(folder)
    signer = signed_by(sums, armoured, form.NAMESPACE)
    problems = list(_seal_problems(signer, expected))
    listed = dict(_listed(sums))
    problems += _file_problems(folder, listed)
    if not problems:
        problems += _judged_otherwise(folder)
    return Checked(signer, len(listed), tuple(problems))


def _seal(folder: Path) -> tuple[bytes, str]:
    try:
        sums = (folder / form.SUMS).read_bytes()
        return sums, (folder / form.SIGNATURE).read_bytes().decode("ascii", "replace")
    except OSError as error:
        raise UsageError(
            f"{folder}: no evidence bundle: {error.strerror}: {form.SUMS} and {form.SIGNATURE} are looked for; "
            "give the folder that `camaudit bundle` wrote"
        ) from None


def _seal_problems(signer: Signer | None, expected: Signer | None) -> Iterator[str]:
    if signer is None:
        yield f"{form.SIGNATURE}: does not fit {form.SUMS}: the list of hashes was changed, or never signed"
    elif expected is not None and signer != expected:
        yield f"{form.SIGNATURE}: made by another key ({signer.fingerprint}) than the one you trust"


def _listed(sums: bytes) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(sums.decode("utf-8", "replace").splitlines(), 1):
        found = _LINE.fullmatch(line)
        parts = found[2].split("/") if found else []
        if found is None or found[2].startswith("/") or ".." in parts:
            raise UsageError(f"{form.SUMS}:{number}: not a hash and a file of this folder; the bundle is broken")
        yield found[2], found[1]


def _file_problems(folder: Path, listed: Mapping[str, str]) -> Iterator[str]:
    there = dict(files_of(folder))
    for name, wanted in listed.items():
        file = there.get(name)
        if file is None:
            yield f"{name}: is missing"
        elif file.is_symlink() or not file.is_file():
            yield f"{name}: is no plain file"
        elif digest(file) != wanted:
            yield f"{name}: was changed"
    yield from (f"{name}: was added" for name in there if name not in listed)


def _judged_otherwise(folder: Path) -> Iterator[str]:
    """Judge the run of the bundle by the knowledge of the bundle, and hold it against its report."""
    try:
        again = as_json(_judge(folder))
        said = _json(folder / form.REPORTS / "report.json")
    except CamauditError as error:
        yield f"cannot be judged again: {error}"
        return
    # Another version of camaudit may say more; what both say must be the same.
    for part in _COMPARED:
        here, there = json.loads(json.dumps(again[part])), said.get(part)
        if not _same(here, there):
            yield f"{form.REPORTS}/report.json: {part} are judged otherwise by {__version__}"


def _same(here: Any, there: Any) -> bool:
    if isinstance(here, dict) and isinstance(there, dict):
        return all(_same(here[key], there[key]) for key in here.keys() & there.keys())
    if isinstance(here, list) and isinstance(there, list):
        return len(here) == len(there) and all(map(_same, here, there))
    return bool(here == there)


def _judge(folder: Path) -> Report:
    judging = _json(folder / form.JUDGING)
    knowledge, inputs = folder / form.KNOWLEDGE, folder / form.INPUTS
    own = knowledge / "own-policies"
    catalogue = load_folders(knowledge / "signatures", knowledge / "policies", also=(own,) if own.is_dir() else ())
    store = Store("sqlite://")
    store.add({name: _rows(folder / form.RUN / f"{name}.jsonl") for name in table_names()})
    site, waivers = inputs / "site.yaml", inputs / "waivers.yaml"
    try:
        day, asked = date.fromisoformat(judging["as_of"]), tuple(map(str, judging["policies"]))
    except (KeyError, TypeError, ValueError):
        raise UsageError(f"{form.JUDGING}: says no day or no packs") from None
    run, where = store.run(), load_site(site) if site.is_file() else None
    # Its sentences are compared word for word, so they have to be said in the language of then.
    speak((where or run.site).language or ENGLISH)
    return audit.judge(
        run,
        catalogue,
        as_of=day,
        site=where,
        policies=asked,
        waivers=load_waivers(waivers) if waivers.is_file() else (),
    )


def _rows(file: Path) -> Iterator[Mapping[str, Any]]:
    if not file.exists():
        return
    for number, line in enumerate(_text(file).splitlines(), 1):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict):
            raise UsageError(f"{form.RUN}/{file.name}:{number}: not a row in JSON")
        yield row


def _json(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(_text(file))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise UsageError(f"{file.name}: not a JSON object")
    return found


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > _MAX_BYTES:
            raise UsageError(f"{file.name}: larger than {_MAX_BYTES} bytes")
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"{file.name}: cannot be read") from None
