"""The words that the script of the HTML page itself says: in goes the catalogue, out come words by their key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from camaudit.report.facts import fact_labels
from camaudit.report.readers import PUBLIC
from camaudit.report.words import Words


def script_words(words: Words, audience: str) -> Mapping[str, Any]:
    """Return the words that the script itself says."""
    withheld = {"no_evidence": words.audiences["evidence"], "withheld": True} if audience == PUBLIC else {}
    columns, labels, sections = words.columns, words.labels, words.sections
    names: Sequence[str] = ("verdict", "device", "address", "maker", "next_step", "due")
    plain: Iterable[str] = ("not_known", "no_day", "no_evidence", "show_more")
    ledger = (("where", ""), ("read", ""), ("means", ""), ("signature", ""), ("weight", "number"), ("counted", ""))
    return {
        **{name: columns[name] for name in names},
        **{name: labels[name] for name in plain},
        **{name: sections[name] for name in ("identity", "findings", "plan", "evidence", "contradictions")},
        "vulnerabilities": sections["vulnerabilities"],
        "surer": sections["next_step"],
        "verdicts": words.verdicts,
        "certainties": words.certainties,
        "facts": fact_labels(words),
        "ledger": [(columns[name], kind) for name, kind in ledger],
        **withheld,
    }
