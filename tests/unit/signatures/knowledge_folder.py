"""A tiny knowledge base on disk, and edits of it, for tests of what is refused."""

from __future__ import annotations

from pathlib import Path

ENTITIES = """\
schema: camaudit/entities@1
entities:
  - {id: acme, name: Acme, type: maker, source: [notes], prior: 0.1}
  - {id: other, name: Other, type: maker, source: [notes], prior: 0.1}
  - {id: label, name: Label, type: brand, source: [notes], aliases: [LBL]}
  - {id: generic, name: Nobody, type: software, source: ['made:generic']}
"""

OEM = """\
schema: camaudit/oem@1
brands:
  - brand: label
    model_names: ['LB-']
    made_by:
      - {maker: acme, strength: high, source: [notes]}
"""

ACME = """\
schema: camaudit/signatures@1
maker: acme
signatures:
  - id: acme-realm
    reads: http.realm
    pattern: '^Acme (?P<model>AC-\\d{4})$'
    says: maker
    strength: strong
    seen_in: 0.5
    seen_in_others: 0.001
    source: [notes]
    examples:
      - {text: Acme AC-1200, extracts: {model: AC-1200}, source: notes}
    rejects:
      - {text: Acme Router, source: made}
"""

OTHER = """\
schema: camaudit/signatures@1
maker: other
signatures:
  - id: other-realm
    reads: http.realm
    pattern: '^Other'
    says: maker
    strength: medium
    seen_in: 0.5
    seen_in_others: 0.05
    source: [notes]
    examples:
      - {text: Other camera, source: made}
"""

SOURCES = """\
schema: camaudit/sources@1
sources:
  notes: {what: somebody's notes, version: '2026', licence: none, where: here}
"""


def write_knowledge(folder: Path) -> Path:
    """Write a knowledge base that has no problem."""
    (folder / "vendors").mkdir()
    for name, text in (
        ("entities.yaml", ENTITIES),
        ("oem.yaml", OEM),
        ("sources.yaml", SOURCES),
        ("vendors/acme.yaml", ACME),
        ("vendors/other.yaml", OTHER),
    ):
        (folder / name).write_text(text, "utf-8")
    return folder


def edit(folder: Path, name: str, old: str, new: str) -> Path:
    """Replace ``old`` by ``new`` in one file; ``old`` must stand there."""
    file = folder / name
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")
    return folder
