"""The scan: in goes a scope, out come observations, each handed to the store as it arrives."""

from camaudit.net.scope import Scope, parse_scope
from camaudit.scan.done import Done, done_of
from camaudit.scan.nmapped import check_engine
from camaudit.scan.options import Accounts, Engine, Phase, ScanOptions, ScanResult, ScanWatcher
from camaudit.scan.ports import parse_ports, shifted_ports
from camaudit.scan.run import scan

__all__ = [
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
    "parse_ports",
    "parse_scope",
    "scan",
    "shifted_ports",
]
