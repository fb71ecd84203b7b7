"""What stands for the value of an option in the help: in goes the command, each option gets a word of the field.

Without it the help would show Python's types (``<list[str]>``), which tell a reader nothing.
"""

from __future__ import annotations

from typing import Any

_WORDS = {
    "ADDRESS": ("--core-network", "--exclude", "--scope"),
    "COMMUNITY": ("--snmp-community",),
    "DATE": ("--as-of", "--on"),
    "DAYS": ("--older-than",),
    "FILE": (
        *("--credentials", "--estate", "--file", "--key", "--notes", "--site", "--snmp-logins", "--truth"),
        "--waivers",
    ),
    "FOLDER": ("--output", "--policies", "--signatures"),
    "FORMAT": ("--format",),
    "KIND": ("--kind",),
    "LANGUAGE": ("--language",),
    "NAME": ("--by", "--interface", "--name"),
    "N": ("--rate", "--side-by-side"),
    "PACK": ("--policy",),
    "PLACE": ("--jurisdiction",),
    "PORT": ("--snmp-port",),
    "PORTS": ("--ports",),
    "READER": ("--audience",),
    "RUN": ("--run", "--since", "--with"),
    "SECONDS": ("--for",),
    "SHELL": ("--install-completion", "--show-completion"),
    "TEXT": ("--column", "--how", "--reads"),
    "URL": ("--store",),
}
_WORD = {option: word for word, options in _WORDS.items() for option in options}


def named(command: Any) -> Any:
    """Give every option of ``command`` and of those below it its word, and return the command."""
    for parameter in command.params:
        takes_a_value = not getattr(parameter, "is_flag", True) and not getattr(parameter, "count", False)
        if takes_a_value and parameter.metavar is None:
            parameter.metavar = next((_WORD[name] for name in parameter.opts if name in _WORD), None)
    for below in getattr(command, "commands", {}).values():
        named(below)
    return command
