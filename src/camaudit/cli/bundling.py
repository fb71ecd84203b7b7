"""The commands about evidence that leaves the house: ``bundle`` and ``verify``; nothing is sent."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import platformdirs
import typer

from camaudit.cli import options
from camaudit.errors import UsageError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_VARIABLE = "CAMAUDIT_KEY_PASSPHRASE"
_OUTPUT = Path("camaudit-bundle")


def bundle(
    run: options.RunName = None,
    site: options.SiteFile = None,
    policy: options.Policy = None,
    signatures: options.Signatures = None,
    policies: options.Policies = None,
    waivers: options.Waivers = None,
    store: options.StoreUrl = None,
    format_: options.Formats = options.FORMAT,
    output: Annotated[Path, typer.Option("--output", help="A new folder for the bundle.")] = _OUTPUT,
    as_of: options.AsOf = None,
    key: Annotated[
        Path | None,
        typer.Option("--key", help="Your Ed25519 key, as ssh-keygen makes it (default: camaudit's own)."),
    ] = None,
) -> None:
    """Put a run, what it was judged by and its reports into a folder, signed so that a change is found."""
    from camaudit.bundle import write
    from camaudit.bundle.writing import Judging
    from camaudit.catalogue import load_catalogue
    from camaudit.cli.delivering import Wanted, judged
    from camaudit.store import Store

    rules, day, wished = tuple(policy or ()), options.day(as_of), options.formats(format_)
    wanted = Wanted(day, rules, options.waivers(waivers), wished, output, options.FailOn.NEVER, quiet=True)
    signing_key = _key(key)
    opened = Store(store)
    asked = options.site(site) if site is not None else None
    report = judged(opened.run(run), load_catalogue(signatures, policies), asked, wanted)
    inputs = {name: file for name, file in (("site.yaml", site), ("waivers.yaml", waivers)) if file is not None}
    if site is not None:
        from camaudit.site import companions

        inputs |= companions(site)
    judging = Judging(day, rules, _knowledge(signatures, policies), inputs)
    signer = write(opened, report, judging, wished, output, signing_key)
    typer.echo(f"{output}: the evidence of run {report.run.id}, signed with the key {signer.fingerprint}")
    typer.echo(
        "Tell its readers the fingerprint by another way; they check it with `camaudit verify` or see README.txt."
    )


def verify(
    folder: Annotated[Path, typer.Argument(metavar="BUNDLE", help="The folder that `camaudit bundle` wrote.")],
    signer: Annotated[
        Path | None,
        typer.Option("--signer", metavar="FILE", help="The public key you trust: a .pub or allowed_signers file."),
    ] = None,
) -> None:
    """Check an evidence bundle: who signed it, whether anything was changed, and whether it is judged the same."""
    from camaudit.bundle import check
    from camaudit.bundle.signing import read_signer
    from camaudit.report.safe import visible

    expected = read_signer(_text(signer), str(signer)) if signer is not None else None
    found = check(folder, expected)
    for problem in found.problems:
        typer.echo(f"WRONG  {visible(problem)}")
    if found.problems or found.signer is None:
        typer.echo(
            f"{folder}: {len(found.problems)} things are not as they were signed; do not rely on this bundle."
        )
        raise typer.Exit(1)
    typer.echo(f"{folder}: {found.files} files as they were signed, judged the same again.")
    typer.echo(f"Signed with the key {found.signer.fingerprint}.")
    if expected is None:
        typer.echo(
            "The key comes with the bundle: ask its maker for the fingerprint by another way, or give --signer."
        )


def _key(file: Path | None) -> Ed25519PrivateKey:
    from camaudit.bundle.signing import load_key, own_key

    if file is not None:
        return load_key(file, os.environ.get(_VARIABLE))
    return own_key(Path(platformdirs.user_data_dir("camaudit", appauthor=False)) / "signing-key")


def _knowledge(signatures: Path | None, policies: Path | None) -> dict[str, Traversable]:
    from camaudit.resources import data_folder

    found = {"signatures": data_folder("signatures", signatures), "policies": data_folder("policies")}
    if policies is not None:
        found["own-policies"] = data_folder("policies", policies)
    return found


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"{file}: cannot be read; give the public key (.pub) of who made the bundle") from None


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command()(bundle)
    app.command()(verify)
