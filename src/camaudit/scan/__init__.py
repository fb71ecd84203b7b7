"""The scan: in goes a scope, out come observations, each handed to the store as it arrives."""

from camaudit.net.scope import Scope, parse_scope
from camaudit.scan.blocks import Done
from camaudit.scan.options import ScanOptions, ScanResult, ScanWatcher
from camaudit.scan.ports import parse_ports, shifted_ports
from camaudit.scan.run import scan

__all__ = [
    "Done",
    "ScanOptions",
    "ScanResult",
    "ScanWatcher",
    "Scope",
    "parse_ports",
    "parse_scope",
    "scan",
    "shifted_ports",
]
