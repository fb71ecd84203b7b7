"""The house rules as code: who may import whom, and how long a file or function may be.

``problems(root)`` reads the source below ``root`` as text and returns a line for each rule that is broken, so the
test can also be run against a copy that was broken on purpose.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

LAYERS = {
    "camaudit": 0,
    "model": 0,
    "errors": 0,
    "resources": 1,
    "yamlio": 1,
    "yamlnodes": 1,
    "phrases": 1,
    "language": 1,
    "signatures": 2,
    "belief": 2,
    "forwarding": 2,
    "hosts": 2,
    "branding": 2,
    "ownforms": 2,
    "platforms": 2,
    "relation": 2,
    "relays": 2,
    "identify": 2,
    "hearsay": 2,
    "sameness": 2,
    "recorders": 2,
    "settings": 2,
    "labels": 2,
    "exposure": 2,
    "changes": 2,
    "devices": 2,
    "policy": 2,
    "plan": 2,
    "reconcile": 2,
    "whereabouts": 2,
    "locations": 2,
    "net": 3,
    "probes": 3,
    "imports": 3,
    "credentials": 4,
    "scan": 4,
    "store": 4,
    "catalogue": 4,
    "ages": 4,
    "proof": 4,
    "clock": 4,
    "manner": 4,
    "cache": 4,
    "recall": 4,
    "marks": 4,
    "site": 4,
    "site_text": 4,
    "planning": 4,
    "prices": 4,
    "notes": 4,
    "filled": 4,
    "report": 4,
    "doctor": 4,
    "records": 4,
    "reached": 4,
    "answers": 4,
    "periods": 4,
    "audit": 5,
    "following": 5,
    "gathering": 5,
    "planned": 5,
    "comparing": 5,
    "trending": 5,
    "importing": 5,
    "bundle": 5,
    "estate": 5,
    "listening": 5,
    "locating": 5,
    "switching": 5,
    "telling": 5,
    "cli": 6,
    "__main__": 6,
    "simulator": 0,
}
"""Each module and its layer (docs/house.md); a module imports only from its own layer or below."""

FORBIDDEN = {
    0: {"pydantic", "yaml", "sqlalchemy", "asyncio", "socket", "typer", "rich"},
    2: {"socket", "threading", "asyncio", "time", "sqlalchemy", "random", "secrets"},
    3: {"camaudit.policy", "camaudit.report", "camaudit.store", "sqlalchemy", "typer"},
    4: {"typer"},
    5: {"typer", "rich"},
    6: {"camaudit.net", "camaudit.probes", "sqlalchemy"},
}
"""What each layer may not import, beside the layers above it."""

DIALLERS = frozenset({"socket", "ssl", "http.client", "smtplib", "urllib.request", "ftplib"})
"""What opens a connection."""
MAY_DIAL = ("net/", "simulator/", "estate/broker.py", "doctor.py", "cli/lowports.py")
"""Where the scan, the fleet of the tests, the broker's TLS and questions to this machine live."""
MAY_TELL = ("telling/sending.py", "telling/webhook.py", "telling/mail.py", "telling/syslog.py")
"""What dials the receivers that the operator names; it knows nothing of the scan, nor the scan of it."""
APART = ("camaudit.net", "camaudit.probes", "camaudit.scan")

EXCEPT_EXCEPTION = {"scan/hosts.py"}
"""The only place where any surprise is caught: one host's must not end the audit of all others."""

MAX_FILE_LINES = 250
MAX_FUNCTION_LINES = 40


def problems(root: Path) -> list[str]:
    """Return every broken rule below ``root``, the folder ``camaudit``."""
    found: list[str] = []
    for file in sorted(root.rglob("*.py")):
        name = file.relative_to(root).as_posix()
        text = file.read_text("utf-8")
        tree = ast.parse(text)
        top = name.partition("/")[0].removesuffix(".py")
        module = "camaudit" if top == "__init__" else top
        if module not in LAYERS:
            found.append(f"{name}: {module} has no layer; give it one here and in docs/house.md")
            continue
        found += [f"{name}:{line}: {problem}" for line, problem in _imports(module, tree)]
        found += [f"{name}:{line}: {problem}" for line, problem in _dialling(name, tree)]
        found += [f"{name}:{line}: {problem}" for line, problem in _lengths(text, tree)]
        if name not in EXCEPT_EXCEPTION:
            found += [f"{name}:{line}: catches everything" for line in _broad_handlers(tree)]
    return found


def _imports(module: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    layer = LAYERS[module]
    for node in ast.walk(tree):
        for imported in _names(node):
            parts = imported.split(".")
            line = getattr(node, "lineno", 0)
            if parts[0] == "camaudit":
                target = parts[1] if len(parts) > 1 else "camaudit"
                if module == "simulator" and target not in ("simulator", "model", "errors", "camaudit"):
                    yield line, f"the simulator stands beside the house and may not import {imported}"
                elif target != module and LAYERS.get(target, 0) > layer:
                    yield line, f"layer {layer} may not import {imported} of layer {LAYERS[target]}"
            barred = FORBIDDEN.get(layer, set()) if module != "simulator" else set()
            if any(imported == name or imported.startswith(f"{name}.") for name in barred):
                yield line, f"{module} (layer {layer}) may not import {imported}"


def _dialling(name: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield where a connection may be opened that no gate and no file of receivers stands before."""
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        for imported in _names(node):
            if imported in DIALLERS and not name.startswith((*MAY_DIAL, *MAY_TELL)):
                yield line, f"imports {imported}; only net/ dials devices, and only telling/ receivers"
            if name.startswith("telling/") and imported.startswith(APART):
                yield line, f"telling may not import {imported}: it is apart from the scan"


def _names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield node.module
        if node.module == "camaudit":
            yield from (f"camaudit.{alias.name}" for alias in node.names if alias.name in LAYERS)


def _lengths(text: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    lines = text.count("\n") + 1
    if lines > MAX_FILE_LINES:
        yield lines, f"{lines} lines; a file has at most {MAX_FILE_LINES}"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > MAX_FUNCTION_LINES:
                yield node.lineno, f"{node.name} has {length} lines; a function has at most {MAX_FUNCTION_LINES}"


def _broad_handlers(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            caught = node.type
            if caught is None or (isinstance(caught, ast.Name) and caught.id == "Exception"):
                yield node.lineno
