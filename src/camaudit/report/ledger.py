"""The evidence ledger in words: in goes an identification, out come rows that a layman can follow."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from camaudit.model import Evidence, Identification
from camaudit.report.summary import name_of
from camaudit.report.words import Words
from camaudit.signatures.fields import FIELDS

COUNTED, ECHO, RIVAL, SHORT, SIDE = "counted", "echo", "rival", "short", "side"
"""How a sign stands in the ledger: counted, an echo, for another maker, too little to name one, or not weighed."""

_EVEN = 1.5
_ROUNDED_FROM = 10


@dataclass(frozen=True, slots=True)
class Row:
    """One piece of evidence as it is shown; ``standing`` is one of the words above."""

    channel: str
    field: str
    described: str
    excerpt: str
    claim: str
    about_maker: bool
    maker: str
    standing: str
    strength: str
    odds: str
    weight: float
    basis: str
    source: str
    signature: str
    note: str


def ledger(found: Identification, names: Mapping[str, str], words: Words) -> tuple[Row, ...]:
    """Return one row for each piece of evidence of an identification, in the order given."""
    return tuple(_row(item, found.maker, names, words) for item in found.evidence)


def _row(item: Evidence, maker: str | None, names: Mapping[str, str], words: Words) -> Row:
    sort, _, value = item.claim.partition("=")
    about_maker = sort == "maker"
    return Row(
        channel=words.channels.get(item.channel, item.channel),
        field=item.field,
        described=FIELDS.get(item.field, item.field),
        excerpt=item.excerpt,
        claim=_claim(item, sort, value, names, words),
        about_maker=about_maker,
        maker=value if about_maker else "",
        standing=_standing(item, value if about_maker else None, maker),
        strength=words.strengths[item.strength],
        odds=odds(item.weight, words),
        weight=item.weight,
        basis=words.bases.get(item.basis, item.basis),
        source=item.source,
        signature=item.signature,
        note=item.note,
    )


def _standing(item: Evidence, claimed: str | None, maker: str | None) -> str:
    if item.counted:
        return COUNTED
    if claimed is None:
        return SIDE
    if maker is None:
        return SHORT
    return ECHO if claimed == maker else RIVAL


def _claim(item: Evidence, sort: str, value: str, names: Mapping[str, str], words: Words) -> str:
    match sort:
        case "maker":
            value = name_of(names, value)
        case "brand":
            value = item.extracted.get("brand", "") or name_of(names, value)
        case "kind":
            value = words.kinds.get(value, value)
        case "state":
            value = words.states.get(value, value)
        case _:
            value = item.extracted.get(sort, "") or value or item.excerpt
    return words.claims.get(sort, words.claims["anything"]).format(value=value)


def odds(weight: float, words: Words) -> str:
    """Say a weight (in nats) as how many times as usual a sign is with this maker as with others."""
    times = math.exp(min(weight, 20.0))
    if times < _EVEN:
        return words.labels["odds_even"]
    if times < _ROUNDED_FROM:
        return words.labels["odds"].format(n=f"{times:.1f}".removesuffix(".0"))
    digits = 10 ** (len(str(int(times))) - 1)
    return words.labels["odds"].format(n=f"{round(times / digits) * digits:,}")
