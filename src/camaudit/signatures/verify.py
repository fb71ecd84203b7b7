"""Prove the knowledge base on its own examples: in goes the folder ``signatures``, out come the problems found.

A problem reads ``path:line: signature id: what is wrong``; none at all means that every example holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from camaudit.errors import DataFileError
from camaudit.model import Strength
from camaudit.resources import shown_path, yaml_files
from camaudit.signatures.load import Knowledge, folded, load_knowledge
from camaudit.signatures.schema import EntityFile, EntityType, OemFile, Says, Signature, SignatureFile
from camaudit.signatures.sign import Sign
from camaudit.yamlio import Path, lines_of, load

GROUPS = frozenset({"model", "firmware", "build", "date", "serial", "mac", "brand", "channels", "value"})
"""Names that a group of a pattern may have; each becomes a claim of that name."""

STATES = frozenset(
    {"activated", "not_activated", "cloud_enabled", "cloud_disabled", "locked"}
    | {"relayed", "program", "unlabelled", "made_for_others", "access_terminal"}
)

_TIMES = {
    Strength.DECISIVE: (200.0, float("inf")),
    Strength.STRONG: (40.0, float("inf")),
    Strength.MEDIUM: (4.0, 40.0),
    Strength.WEAK: (1.0, 5.0),
}
"""How many times as often a sign of each strength is seen with its maker as with all others."""

_NEEDS_REJECT = frozenset({Strength.STRONG, Strength.DECISIVE})
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class _Context:
    """What the checks of one signature look things up in."""

    knowledge: Knowledge
    sources: frozenset[str]
    maker: str

    @property
    def names_a_maker(self) -> bool:
        """Whether the file speaks for somebody, and not for nobody in particular (``generic``)."""
        return self.maker != "generic"


def verify(folder: Traversable) -> tuple[str, ...]:
    """Return every problem of the knowledge base, each with its file and line."""
    try:
        knowledge = load_knowledge(folder)
        sources = frozenset(knowledge.sources)
    except DataFileError as error:
        return error.problems
    problems = list(_located(folder / "entities.yaml", _wrong_names(folder, knowledge, sources)))
    problems += _located(folder / "oem.yaml", _wrong_oem(folder, sources))
    for file in yaml_files(folder / "vendors"):
        content = load(file, SignatureFile)
        context = _Context(knowledge, sources, content.maker)
        signs = {sign.signature.id: sign for sign in knowledge.signatures}
        found = (
            (("signatures", index), f"signature {signature.id}: {problem}")
            for index, signature in enumerate(content.signatures)
            for problem in _problems(signs[signature.id], context)
        )
        problems += _located(file, found)
    return tuple(problems)


def _located(file: Traversable, found: Iterable[tuple[Path, str]]) -> Iterator[str]:
    problems = tuple(found)
    lines = lines_of(file) if problems else {}
    for where, problem in problems:
        yield f"{shown_path(file)}:{lines.get(where, 1)}: {problem}"


def _problems(sign: Sign, context: _Context) -> Iterator[str]:
    signature = sign.signature
    yield from _wrong_claim(sign, context)
    yield from _wrong_examples(sign)
    yield from _unexplained(_sources_of(signature), context.sources)
    for example in signature.examples:
        yield from _taken_for_another(sign, example.text, context)


def _wrong_claim(sign: Sign, context: _Context) -> Iterator[str]:
    signature, groups = sign.signature, set(sign.pattern.groupindex)
    says = signature.says
    for name in sorted(groups - GROUPS):
        yield f"group {name!r} means nothing; use one of {', '.join(sorted(GROUPS))}"
    if says is Says.MAKER and not context.names_a_maker:
        yield "claims a maker in a file that names none; move it to the maker's own file"
    if says is Says.BRAND and signature.brand is None and "brand" not in groups:
        yield "says brand, but names none; give brand: or a group 'brand'"
    if says is Says.KIND and signature.kind is None:
        yield "says kind, but names none; give kind:"
    if says is Says.STATE and signature.state not in STATES:
        yield f"state {signature.state!r} means nothing; use one of {', '.join(sorted(STATES))}"
    if says in (Says.MODEL, Says.FIRMWARE, Says.SERIAL) and str(says) not in groups:
        yield f"says {says}, but its pattern has no group {str(says)!r}"
    if signature.basis == "corpus":
        yield "basis is corpus, but no counts of recorded devices back it; use expert"
    if says is Says.MAKER and signature.strength in _NEEDS_REJECT and not signature.rejects:
        yield f"{signature.strength} signs of a maker need a reject: a text like it that must not match"
    least, most = _TIMES[signature.strength]
    times = signature.seen_in / max(signature.seen_in_others, 1e-6)
    if says is Says.MAKER and not least <= round(times, 6) <= most:
        yield f"{signature.strength} means {least:g} to {most:g} times as often as elsewhere, not {times:g} times"
    for other in signature.shares_with:
        if other not in context.knowledge.entities:
            yield f"shares_with {other!r}, which is no entity; check its spelling"


def _wrong_examples(sign: Sign) -> Iterator[str]:
    signature, used = sign.signature, set[str]()
    if not signature.examples:
        yield "has no example; give at least one text that it must match"
    for example in signature.examples:
        found = sign.search(example.text)
        if found is None:
            yield f"does not match its example {_short(example.text)}"
            continue
        taken = {name: text for name, text in found.groupdict().items() if text is not None}
        used |= set(taken)
        if taken != (example.extracts or {}):
            yield f"extracts {taken} from {_short(example.text)}, not {example.extracts or {}}"
    for reject in signature.rejects:
        if sign.search(reject.text) is not None:
            yield f"matches {_short(reject.text)}, which it must not"
    unused = set(sign.pattern.groupindex) - used
    if unused and signature.examples:
        yield f"no example shows what {', '.join(sorted(unused))} extracts"


def _sources_of(signature: Signature) -> Iterator[str]:
    if not signature.source:
        yield ""
    yield from signature.source
    yield from (example.source for example in signature.examples)
    yield from (reject.source for reject in signature.rejects)


def _unexplained(keys: Iterable[str], sources: frozenset[str]) -> Iterator[str]:
    for key in dict.fromkeys(keys):
        if not key.strip():
            yield "has no source; say where it was seen, or made: and why"
        elif key.partition(":")[0] != "made" and key not in sources:
            yield f"source {key!r} is not explained; add it to signatures/sources.yaml"


def _taken_for_another(sign: Sign, text: str, context: _Context) -> Iterator[str]:
    """Yield who else would claim this device: we vote, so a text that two makers claim tells nothing."""
    if not context.names_a_maker:
        return
    for other in context.knowledge.by_field.get(sign.signature.reads, ()):
        if other.signature.says is not Says.MAKER or other.maker == sign.maker:
            continue
        if other.maker not in sign.signature.shares_with and other.search(text) is not None:
            yield (
                f"its example {_short(text)} is claimed for {other.maker} by {other.signature.id}; "
                f"make one of the two narrower, or list {other.maker} in shares_with"
            )


def _wrong_names(folder: Traversable, knowledge: Knowledge, sources: frozenset[str]) -> Iterator[tuple[Path, str]]:
    holders: dict[str, str] = {}
    entities = load(folder / "entities.yaml", EntityFile).entities
    for index, entity in enumerate(entities):
        here: Path = ("entities", index)
        keys = (*(entity.source or ("",)), *(owner.source for owner in entity.owned_by))
        keys = (*keys, *entity.sells_through_others)
        for problem in _unexplained(keys, sources):
            yield here, f"entity {entity.id}: {problem}"
        for name in (entity.id, entity.name, *entity.aliases):
            holder = holders.setdefault(folded(name), entity.id)
            if holder != entity.id:
                yield here, f"entity {entity.id}: {name!r} is a name of {holder} too; a text can mean only one"
        if not 0 < entity.prior < 0.5:
            yield here, f"entity {entity.id}: prior {entity.prior} is no share of devices; give 0 < prior < 0.5"
    total = sum(e.prior for e in knowledge.entities.values() if e.type is EntityType.MAKER)
    if total > 1:
        yield (
            ("entities",),
            f"the priors of all makers add up to {total:.2f}; they share one network, so at most 1",
        )


def _wrong_oem(folder: Traversable, sources: frozenset[str]) -> Iterator[tuple[Path, str]]:
    for index, brand in enumerate(load(folder / "oem.yaml", OemFile).brands):
        for row in brand.made_by:
            for problem in _unexplained(row.source or ("",), sources):
                yield ("brands", index), f"brand {brand.brand}: {problem}"


def _short(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")
