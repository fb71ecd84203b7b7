"""The errors camaudit raises on purpose: whose fault it was, where, and what to do about it."""

from __future__ import annotations


class CamauditError(Exception):
    """The base of every error that is shown to the user as one line, without a trace."""

    exit_code = 3


class UsageError(CamauditError):
    """The operator asked for something impossible; nothing was sent."""

    exit_code = 2


class ScopeError(UsageError):
    """A target is not an address or range, or may not be scanned."""


class DataFileError(UsageError):
    """A YAML file of the operator or of the knowledge base is wrong.

    ``problems`` holds one line each: ``path:line: where: what is wrong; what to do``.
    """

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class NetworkUnavailable(CamauditError):
    """This machine cannot send what was asked (no permission, no interface, no free port)."""


class InterfaceLost(NetworkUnavailable):
    """An interface that the scan stands on went away; what was collected is kept, and the scan can go on later."""


class EndedEarly(CamauditError):
    """A scan ended before it was complete. ``run`` is its id: what it has collected can be reported."""

    def __init__(self, run: str, reason: str) -> None:
        super().__init__(reason)
        self.run = run


class StoreError(CamauditError):
    """The store cannot be opened, read or written; what was collected before is kept."""


class StoreBusy(StoreError):
    """The store cannot be written just now: another program is writing to it, or its server is away."""


class RenderError(CamauditError):
    """A report could not be written (folder not writable, disk full)."""
