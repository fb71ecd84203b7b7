"""What camaudit knows, as digests: in goes the catalogue, out comes a digest of each part of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from camaudit.catalogue import Catalogue
from camaudit.policy.schema import Pack


def marks(catalogue: Catalogue) -> Mapping[str, str]:
    """Return a digest of each part of what camaudit knows."""
    packs = {f"pack:{pack.id}": _digest(_judging(pack)) for pack in catalogue.policies.packs}
    cited = catalogue.policies.register.instruments.items()
    return {
        "signatures": catalogue.knowledge.digest,
        "oui": catalogue.oui.dated,
        "entities": _digest(sorted(catalogue.knowledge.entities.items())),
        **packs,
        **{f"instrument:{name}": _digest(instrument) for name, instrument in cited},
    }


def _judging(pack: Pack) -> tuple[object, ...]:
    """Return what of a pack judges and speaks: not where its file lies, nor the examples that prove it."""
    rules = [(replace(rule.form, examples=()), rule.violated_when, rule.serves) for rule in pack.rules]
    return pack.title, pack.applies_to, sorted(pack.makers.items()), rules


def _digest(value: object) -> str:
    # Frozen dataclasses of texts, days and tuples: what they print is all that they are.
    return hashlib.blake2s(repr(value).encode(), digest_size=8).hexdigest()
