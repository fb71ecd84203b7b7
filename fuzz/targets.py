"""The table of all fuzz targets, by name."""

from __future__ import annotations

from fuzz import captured, imported, wire, written
from fuzz.target import Target

TARGETS: dict[str, Target] = {
    target.name: target for target in (*wire.TARGETS, *captured.TARGETS, *imported.TARGETS, *written.TARGETS)
}
