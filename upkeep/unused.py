"""What nobody calls: ``python -m upkeep.unused`` names functions, classes and variables of ours that nothing uses.

Templates are not Python, and a library calls what it looks for by name; both are listed here.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from vulture import Vulture

OURS = Path("src")
READERS = ("src", "corpus", "benchmarks", "tests", "upkeep", "examples")
TEMPLATES = Path("reports")
CALLED_BY_LIBRARIES = {
    "asyncio": {"connection_lost", "connection_made", "data_received", "datagram_received", "error_received"}
    | {"exc", "pause_writing", "resume_writing"},
    "SQLAlchemy and Alembic": {"cache_ok", "down_revision", "impl", "process_bind_param", "process_result_value"}
    | {"revision", "downgrade", "upgrade"},
    "Celery": {"broker_login_method", "broker_use_ssl", "on_decode_error", "task_default_queue", "task_queues"},
    "report.json, which writes every count of a load": {"knocks"},
    "pysnmp": {"ADDRESS_TYPE", "PROTO_TRANSPORT", "PROTO_TRANSPORT_DISPATCHER", "iface", "open_client_mode"}
    | {"send_message", "transport_address"},
    "Python": {"memo", "trace"},
    "zeroconf": {"disabled"},
}
BY_DATA = {
    "src/camaudit/model/words.py": "values of an enumeration that data files write",
    "src/camaudit/net/raw/netlink.py": "values of an enumeration that the kernel sends",
    "src/camaudit/policy/register.py": "fields of a data file that the checks of the documents read",
    "src/camaudit/scan/options.py": "values of an enumeration that the command line gives",
}
_COMMAND = re.compile(r"^\s*@\w+\.(command|callback)\(", re.MULTILINE)


def unused() -> list[str]:
    """Return a line, with file and line, for each name of ours that nothing uses."""
    finder = Vulture()
    finder.scavenge([name for name in READERS if Path(name).is_dir()])
    by_libraries = {name for names in CALLED_BY_LIBRARIES.values() for name in names}
    in_templates = _words_of_templates()
    found = []
    for item in finder.get_unused_code(min_confidence=60):
        file = Path(item.filename)
        if file.is_absolute():
            file = file.relative_to(Path.cwd())
        excused = item.name in by_libraries or item.name in in_templates or str(file) in BY_DATA
        if OURS in file.parents and not excused and not _is_command(file, item.first_lineno):
            found.append(f"{file}:{item.first_lineno}: unused {item.typ} {item.name!r}")
    return found


def _words_of_templates() -> set[str]:
    """Return every name that a template reads from something (``each.name``)."""
    texts = (file.read_text("utf-8") for file in TEMPLATES.rglob("*") if file.suffix in (".j2", ".typ"))
    return {word for text in texts for word in re.findall(r"\.(\w+)", text)}


def _is_command(file: Path, line: int) -> bool:
    """Say whether a decorator makes this function a command."""
    return bool(_COMMAND.search("\n".join(file.read_text("utf-8").splitlines()[line - 1 : line])))


if __name__ == "__main__":
    lines = unused()
    print("\n".join(lines))
    sys.exit(1 if lines else 0)
