"""The flags that several commands share: one name, one meaning, one help text."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from camaudit.errors import RenderError, UsageError
from camaudit.model import Notes, Report, Site, Verdict, Waiver
from camaudit.report.readers import AUDIENCES
from camaudit.report.write import DEFAULT, NAMES
from camaudit.scan.options import Engine
from camaudit.store import Store, StoredRun

if TYPE_CHECKING:
    from camaudit.trending import By

FORMAT = ",".join(DEFAULT)
KNOWN = ",".join(NAMES)
OUTPUT = Path("camaudit-out")
NOTES = Path("notes.yaml")


class FailOn(StrEnum):
    """From which verdict on a run ends with exit code 1."""

    VIOLATION = "violation"
    REVIEW = "review"
    NEVER = "never"


Targets = Annotated[
    list[str] | None,
    typer.Argument(metavar="TARGET", help="Address, CIDR, 192.0.2.10-40, IPv6, host name or @FILE."),
]
SiteFile = Annotated[Path | None, typer.Option("--site", help="The site file that `camaudit init` writes.")]
Policy = Annotated[list[str] | None, typer.Option("--policy", help="Judge by this pack only (repeatable).")]
Exclude = Annotated[list[str] | None, typer.Option("--exclude", help="Never ask this target (repeatable).")]
Rate = Annotated[float, typer.Option("--rate", min=1, max=100000, help="Most packets a second.")]
Ports = Annotated[str | None, typer.Option("--ports", help="TCP ports instead of the usual: 80,554,8000-8010.")]
Credentials = Annotated[
    Path | None, typer.Option("--credentials", help="Accounts to read with: docs/credentials.md says how.")
]
LoginAgain = Annotated[
    bool, typer.Option("--login-again", help="The accounts were corrected: also try who refused them before.")
]
Interface = Annotated[
    list[str] | None, typer.Option("--interface", help="Ask multicast on this interface (repeatable).")
]
Community = Annotated[
    list[str] | None,
    typer.Option(
        "--snmp-community",
        help="Ask by SNMP too, with this read community, sent in the clear (repeatable; none by default).",
    ),
]
Finder = Annotated[
    Engine, typer.Option("--engine", help="Who finds hosts and ports: we, we without raw sockets, or nmap.")
]
Signatures = Annotated[Path | None, typer.Option("--signatures", help="A signature folder instead of ours.")]
Policies = Annotated[Path | None, typer.Option("--policies", help="A folder of own policies, added to ours.")]
Waivers = Annotated[Path | None, typer.Option("--waivers", help="The waiver file of the site.")]
NotesFile = Annotated[
    Path | None,
    typer.Option("--notes", help="What people wrote into the workbook (default: notes.yaml, where there is one)."),
]
StoreUrl = Annotated[str | None, typer.Option("--store", help="Where runs are kept (default: your data folder).")]
Formats = Annotated[str, typer.Option("--format", help=f"Reports to write, of {KNOWN}.")]
Output = Annotated[Path, typer.Option("--output", help="Folder for the reports.")]
AsOf = Annotated[
    datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="Judge by the law of this day.")
]
Fail = Annotated[FailOn, typer.Option("--fail-on", help="From which finding on the exit code is 1.")]
AllowPublic = Annotated[bool, typer.Option("--allow-public", help="Allow public addresses that are yours.")]
Gentle = Annotated[
    bool,
    typer.Option("--gentle", help="For old devices: one connection at a time, longer pauses."),
]
QuietHours = Annotated[
    list[str] | None,
    typer.Option(
        "--quiet-hours",
        metavar="SPAN",
        help="Send nothing from 08:00-16:00, or '08:00-16:00 Europe/London' (repeatable); the scan waits.",
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help="I am authorised to scan this scope; do not ask.")]
Language = Annotated[
    str | None, typer.Option("--language", help="Language of the reports: en, cy (default: the site's).")
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with the newest scan that was ended early.")]
Since = Annotated[
    str | None,
    typer.Option(
        "--since", metavar="RUN|DATE|last", help="Say what changed since an earlier run or day, or the last run."
    ),
]
BY_HELP = "term, quarter, year, school-year, or a file of your own periods."
Trend = Annotated[
    str | None, typer.Option("--trend", metavar="PERIOD", help=f"Add how many were left by {BY_HELP}")
]
Notify = Annotated[
    Path | None,
    typer.Option(
        "--notify",
        metavar="FILE",
        help="Tell the receivers of this file what changed: docs/integrate.md says how.",
    ),
]
Audience = Annotated[
    str,
    typer.Option("--audience", help=f"Whom the reports are for: {', '.join(AUDIENCES)} (default: everything)."),
]
Background = Annotated[
    bool,
    typer.Option("--background", help="Add what is alleged of the makers found, with their denials; no verdict."),
]
RunName = Annotated[str | None, typer.Argument(metavar="RUN", help="One of `camaudit runs` (default: newest).")]


def day(as_of: datetime | None) -> date:
    """Return the day to judge by; today where none is given."""
    return as_of.date() if as_of is not None else date.today()


def formats(text: str) -> tuple[str, ...]:
    """Read ``--format``."""
    wanted = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    for name in wanted:
        if name not in NAMES:
            raise UsageError(f"--format {name}: no such format; there are {KNOWN}")
    if not wanted:
        raise UsageError(f"--format: none given; there are {KNOWN}")
    return wanted


def audience(name: str) -> str:
    """Read ``--audience``; empty is everything."""
    if name and name not in AUDIENCES:
        raise UsageError(f"--audience {name}: no such reader; there are {', '.join(AUDIENCES)}")
    return name


def site(file: Path | None) -> Site:
    """Read the site file; without one, a site of which nothing is known."""
    default = Path("site.yaml")
    if file is None and not default.is_file():
        return Site("this site")
    from camaudit.site import load_site

    return load_site(file or default)


def language(code: str | None) -> str | None:
    """Read ``--language``; raise UsageError, before anything is sent, where there is no catalogue of it."""
    from camaudit.language import languages

    if code is not None and code not in languages():
        raise UsageError(f"--language {code}: no such language; there are {', '.join(languages())}")
    return code


def speak(wanted: str | None, site: Site | None) -> None:
    """Speak the language that was asked for, else that of the site, else English."""
    from camaudit.language import ENGLISH, speak

    speak(wanted or (site.language if site is not None else "") or ENGLISH)


def waivers(file: Path | None) -> tuple[Waiver, ...]:
    """Read the waiver file, where one is given."""
    if file is None:
        return ()
    from camaudit.policy.waivers import load_waivers

    return load_waivers(file)


def since(name: str | None, store: Store, stored: StoredRun) -> StoredRun | None:
    """Read ``--since``."""
    if name is None:
        return None
    from camaudit.following import earlier_run

    return earlier_run(store, stored, name)


def opened(url: str | None, since: str | None) -> Store:
    """Open the store; that a run to compare with is not there is said before anything is sent."""
    from camaudit.following import check_since

    kept = Store(url)
    check_since(since, kept)
    return kept


def terms(text: str) -> By:
    """Read how time is divided; raise UsageError or DataFileError before anything is done."""
    from camaudit.changes.terms import Scheme
    from camaudit.periods import load_periods

    if text in tuple(Scheme):
        return Scheme(text)
    file = Path(text)
    try:
        is_file = bool(file.suffix) or file.is_file()
    except OSError:
        # A name that no file can have.
        is_file = False
    if not is_file:
        raise UsageError(f"{text[:80]}: no such periods; there are {', '.join(Scheme)}, or give a file")
    return load_periods(file)


def notes(file: Path | None) -> Notes:
    """Read the file of notes: the one given, or notes.yaml beside the site file."""
    if file is None and not NOTES.is_file():
        return Notes()
    from camaudit.notes import load_notes

    return load_notes(file or NOTES)


def writable(folder: Path) -> None:
    """Make the output folder now, before anything is sent; raise RenderError where it cannot be written to."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".camaudit-writable"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise RenderError(f"{folder}: {error.strerror}; give a folder you may write to with --output") from None


def exit_code(report: Report, fail_on: FailOn) -> int:
    """Return the exit code of the contract for a finished report."""
    if report.coverage.answered == 0 and not report.devices:
        return 4
    bad = {
        FailOn.NEVER: frozenset[Verdict](),
        FailOn.VIOLATION: frozenset({Verdict.VIOLATION}),
        FailOn.REVIEW: frozenset({Verdict.VIOLATION, Verdict.REVIEW}),
    }[fail_on]
    return 1 if any(f.verdict in bad and f.waiver is None for f in report.findings) else 0
