"""The scan: in goes a scope, out come observations, each handed to the store as it arrives."""

from camaudit.net.manners import GENTLE
from camaudit.net.quiet import parse_quiet
from camaudit.net.scope import Scope, parse_scope
from camaudit.scan.done import Done, done_of
from camaudit.scan.nmapped import check_engine
from camaudit.scan.options import Accounts, Engine, Phase, ScanOptions, ScanResult, ScanWatcher, heeding
from camaudit.scan.ports import LIKELY as LIKELY_PORTS
from camaudit.scan.ports import parse_ports, shifted_ports
from camaudit.scan.run import scan

__all__ = [
    "GENTLE",
    "LIKELY_PORTS",
    "Accounts",
    "Done",
    "Engine",
    "Phase",
    "ScanOptions",
    "ScanResult",
    "ScanWatcher",
    "Scope",
    "check_engine",
    "done_of",
    "heeding",
    "parse_ports",
    "parse_quiet",
    "parse_scope",
    "scan",
    "shifted_ports",
]
