"""The table of all fuzz targets, by name."""

from __future__ import annotations

from fuzz import captured, forms, handed, imported, judged, wire, written
from fuzz.target import Target

_GROUPS = (wire, captured, imported, written, forms, handed, judged)

TARGETS: dict[str, Target] = {target.name: target for group in _GROUPS for target in group.TARGETS}
