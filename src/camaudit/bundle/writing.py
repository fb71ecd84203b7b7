"""Making a bundle: every file first, then the list of their hashes, then the signature over the list."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from camaudit import __version__
from camaudit.bundle import form
from camaudit.bundle.signing import Signer, sign, signer_of
from camaudit.errors import RenderError, UsageError
from camaudit.model import Report
from camaudit.report.write import write as write_reports
from camaudit.resources import yaml_files
from camaudit.store import Store


@dataclass(frozen=True, slots=True)
class Judging:
    """How the run was judged, so that another can do the same.

    ``knowledge`` holds the data folders by name (``signatures``, ``policies``, and ``own-policies`` where
    the operator added some), ``inputs`` the operator's own files by the name they get (``site.yaml``, ...).
    """

    as_of: date
    policies: tuple[str, ...]
    knowledge: Mapping[str, Traversable]
    inputs: Mapping[str, Path]


def write(
    store: Store, report: Report, judging: Judging, formats: tuple[str, ...], folder: Path, key: Ed25519PrivateKey
) -> Signer:
    """Write the bundle of one run into ``folder``, which must be new or empty, and return who signed it.

    Raises ``RenderError`` where the folder cannot be written; half a bundle has no signature and does not pass.
    """
    if folder.exists() and any(folder.iterdir() if folder.is_dir() else (folder,)):
        raise UsageError(f"{folder}: not empty; give a new folder with --output")
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_run(store, report.run.id, folder / form.RUN)
        for name, data in judging.knowledge.items():
            _copy_data(data, folder / form.KNOWLEDGE / name)
        for name, file in judging.inputs.items():
            (folder / form.INPUTS).mkdir(exist_ok=True)
            shutil.copyfile(file, folder / form.INPUTS / name)
        write_reports(report, dict.fromkeys((*formats, "json")), folder / form.REPORTS)
        (folder / form.JUDGING).write_text(_judging(report, judging), "utf-8")
        (folder / form.README).write_text(form.TEXT, "utf-8")
        return _seal(folder, key)
    except OSError as error:
        raise RenderError(
            f"{folder}: the bundle cannot be written: {error.strerror}; choose another --output"
        ) from None


def _write_run(store: Store, run_id: str, folder: Path) -> None:
    folder.mkdir()
    lines: dict[str, list[str]] = {}
    for name, row in store.rows(run_id):
        lines.setdefault(name, []).append(json.dumps(row) + "\n")
    for name, rows in lines.items():
        (folder / f"{name}.jsonl").write_text("".join(rows), "ascii")


def _copy_data(source: Traversable, target: Path) -> None:
    """Copy the YAML files of a data folder, in their folders."""
    target.mkdir(parents=True, exist_ok=True)
    for entry in source.iterdir():
        if entry.is_dir() and any(True for _ in yaml_files(entry)):
            _copy_data(entry, target / entry.name)
        elif entry.is_file() and entry.name.endswith((".yaml", ".yml")) and not entry.name.startswith("."):
            (target / entry.name).write_bytes(entry.read_bytes())


def _judging(report: Report, judging: Judging) -> str:
    values = {
        "schema": form.SCHEMA,
        "run": report.run.id,
        "as_of": judging.as_of.isoformat(),
        "policies": list(judging.policies),
        "tool_version": __version__,
        "knowledge": dict(report.run.knowledge),
    }
    return json.dumps(values, indent=2) + "\n"


def _seal(folder: Path, key: Ed25519PrivateKey) -> Signer:
    sums = "".join(f"{digest(file)}  {name}\n" for name, file in files_of(folder)).encode()
    (folder / form.SUMS).write_bytes(sums)
    (folder / form.SIGNATURE).write_text(sign(sums, key, form.NAMESPACE), "ascii")
    signer = signer_of(key)
    line = f'{form.IDENTITY} namespaces="{form.NAMESPACE}" {signer.line}\n'
    (folder / form.SIGNERS).write_text(line, "ascii")
    return signer


def files_of(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield each file that the hashes cover, by its name in the bundle, in order; links are files of their own."""
    found = {each.relative_to(folder).as_posix(): each for each in folder.rglob("*")}
    for name in sorted(found):
        if name not in form.UNHASHED and (found[name].is_symlink() or not found[name].is_dir()):
            yield name, found[name]


def digest(file: Path) -> str:
    """Return the SHA-256 of a file, as ``sha256sum`` prints it."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
