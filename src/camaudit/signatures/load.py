"""Read the knowledge base: in goes the folder ``signatures``, out comes ``Knowledge`` or all problems with lines.

Reading only: whether the examples hold is asked by ``verify``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

from camaudit.errors import DataFileError
from camaudit.resources import shown_path, yaml_digest, yaml_files
from camaudit.signatures.clouds import Cloud, load_clouds, wrong_clouds
from camaudit.signatures.fields import FIELDS
from camaudit.signatures.patterns import wrong_pattern
from camaudit.signatures.recent import Recent
from camaudit.signatures.schema import (
    Entity,
    EntityFile,
    OemBrand,
    OemFile,
    Says,
    Signature,
    SignatureFile,
    Source,
    SourceFile,
)
from camaudit.signatures.sign import Readers, Sign, by_field, mildest_misses
from camaudit.signatures.vulnerable import (
    NO_VULNERABILITIES,
    VulnerabilityFile,
    load_vulnerabilities,
    wrong_vulnerabilities,
)
from camaudit.yamlio import Path, lines_of, load

_WORD = re.compile(r"[^0-9a-z]+")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True)
class Knowledge:
    """Everything that ``signatures`` knows; ``digest`` names this exact state of the files."""

    signatures: tuple[Sign, ...]
    by_field: Mapping[str, tuple[Sign, ...]]
    entities: Mapping[str, Entity]
    oem: Mapping[str, OemBrand]
    sources: Mapping[str, Source]
    digest: str
    vulnerabilities: VulnerabilityFile = NO_VULNERABILITIES
    clouds: tuple[Cloud, ...] = ()

    @cached_property
    def recent(self) -> Recent[tuple[Any, ...]]:
        """Return what was worked out lately of what devices said: units of one model say the same."""
        return Recent()

    def readers_of(self, field: str, texts: tuple[str, ...]) -> tuple[Sign, ...]:
        """Return the signs that read ``field`` and may match one of ``texts``, in their order."""
        readers = self._readers.get(field)
        if readers is None:
            readers = self._readers[field] = Readers(self.by_field.get(field, ()))
        return readers.of(texts)

    @cached_property
    def _readers(self) -> dict[str, Readers]:
        return {}

    @cached_property
    def misses(self) -> Mapping[str, Mapping[str, float]]:
        """Return for each field and maker the log-odds (below 0) where none of the maker's signs there matched."""
        return mildest_misses(self.by_field)

    @cached_property
    def _names(self) -> dict[str, str]:
        names: dict[str, str] = {}
        for entity in self.entities.values():
            for text in (entity.id, entity.name, *entity.aliases):
                names.setdefault(folded(text), entity.id)
        return names

    @cached_property
    def _brands(self) -> dict[str, str]:
        signatures = (sign.signature for sign in self.signatures)
        return {signature.id: signature.brand for signature in signatures if signature.brand is not None}

    def brand_of_model(self, model: str, maker: str) -> str | None:
        """Return the brand of what ``maker`` builds that numbers its models so, if one does."""
        found = (brand for brand, forms in self._forms_of_models.get(maker, ()) if forms.match(model))
        return next(found, None)

    def brands_numbering(self, model: str) -> frozenset[str]:
        """Return the brands that number their models so, whoever builds them."""
        every = (pair for forms in self._forms_of_models.values() for pair in forms)
        return frozenset(brand for brand, forms in every if forms.match(model))

    @cached_property
    def _forms_of_models(self) -> Mapping[str, tuple[tuple[str, re.Pattern[str]], ...]]:
        found: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
        for brand, entry in sorted(self.oem.items()):
            sure = (row.models for row in entry.made_by if row.strength == "high")
            patterns = [*entry.model_names, *(pattern for models in sure for pattern in models)]
            for maker in dict.fromkeys(row.maker for row in entry.made_by if patterns):
                one = re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
                found.setdefault(maker, []).append((brand, one))
        return {maker: tuple(forms) for maker, forms in found.items()}

    @cached_property
    def builders(self) -> frozenset[str]:
        """Return the makers that are known to build what others put their label on."""
        of_brands = {row.maker for entry in self.oem.values() for row in entry.made_by if row.maker != entry.brand}
        return frozenset(of_brands | {one.id for one in self.entities.values() if one.sells_through_others})

    @cached_property
    def maker_of_signature(self) -> Mapping[str, str]:
        """Return for each signature the maker in whose file it stands."""
        return {sign.signature.id: sign.maker for sign in self.signatures}

    def entity_named(self, text: str) -> str | None:
        """Return the entity known by this text, whatever its case, spaces and punctuation."""
        return self._names.get(folded(text))

    def source_named(self, key: str) -> str:
        """Return what a source key stands for, in words that a reader outside the project understands."""
        if key.startswith("made"):
            return "our own knowledge of the product's name"
        return self.sources[key].what if key in self.sources else key

    def brand_of_signature(self, signature_id: str) -> str | None:
        """Return the entity whose label a signature shows by itself, if it shows one."""
        return self._brands.get(signature_id)


def load_knowledge(folder: Traversable, *, proven: bool = False) -> Knowledge:
    """Read ``folder``; raise ``DataFileError`` with every problem that makes it unusable.

    What is ``proven`` is not searched again for signs that a text can stall, which takes seconds."""
    entities_file, oem_file = folder / "entities.yaml", folder / "oem.yaml"
    entities = load(entities_file, EntityFile).entities
    brands = load(oem_file, OemFile).brands
    vendors = tuple((file, load(file, SignatureFile)) for file in yaml_files(folder / "vendors"))
    ids = frozenset(entity.id for entity in entities)
    problems = [
        *_located(entities_file, _wrong_entities(entities, ids)),
        *_located(oem_file, _wrong_brands(brands, ids)),
    ]
    first_seen: dict[str, str] = {}
    for file, content in vendors:
        problems += _located(file, _wrong_file(file, content, ids, first_seen, proven=proven))
    sources = load(folder / "sources.yaml", SourceFile).sources
    weak, clouds = load_vulnerabilities(folder), load_clouds(folder)
    problems += _located(folder / "vulnerabilities.yaml", wrong_vulnerabilities(weak, ids, sources))
    problems += _located(folder / "clouds.yaml", wrong_clouds(clouds, ids, sources))
    if problems:
        raise DataFileError(tuple(problems))
    signs = tuple(Sign(content.maker, signature) for _, content in vendors for signature in content.signatures)
    return Knowledge(
        signatures=signs,
        by_field=by_field(signs),
        entities=MappingProxyType({entity.id: entity for entity in entities}),
        oem=MappingProxyType({brand.brand: brand for brand in brands}),
        sources=MappingProxyType(sources),
        digest=yaml_digest(folder),
        vulnerabilities=weak,
        clouds=clouds,
    )


def folded(text: str) -> str:
    """Return ``text`` as names are compared: small letters and digits only."""
    return _WORD.sub("", text.lower())


def _located(file: Traversable, check: Iterable[tuple[Path, str]]) -> list[str]:
    """Put file and line before what a check found; lines are looked up only where something is wrong."""
    found = list(check)
    if not found:
        return []
    lines = lines_of(file)
    return [f"{shown_path(file)}:{lines.get(where, 1)}: {problem}" for where, problem in found]


def _wrong_entities(entities: tuple[Entity, ...], ids: frozenset[str]) -> Iterator[tuple[Path, str]]:
    seen: set[str] = set()
    for index, entity in enumerate(entities):
        here: Path = ("entities", index)
        name = f"entity {entity.id}"
        if entity.id in seen:
            yield here, f"{name}: given twice; keep one"
        seen.add(entity.id)
        for place, owner in enumerate(entity.owned_by):
            if owner.maker not in ids:
                problem = f"{name}: {owner.maker!r} is no entity; add it or check its spelling"
                yield (*here, "owned_by", place), problem
        for pattern in entity.organisations:
            if problem := wrong_pattern(pattern):
                yield (*here, "organisations"), f"{name}: {problem}"


def _wrong_brands(brands: tuple[OemBrand, ...], ids: frozenset[str]) -> Iterator[tuple[Path, str]]:
    seen: set[str] = set()
    for index, brand in enumerate(brands):
        here: Path = ("brands", index)
        name = f"brand {brand.brand}"
        if brand.brand in seen:
            yield here, f"{name}: given twice; keep one"
        seen.add(brand.brand)
        for entity in (brand.brand, *(row.maker for row in brand.made_by)):
            if entity not in ids:
                yield here, f"{name}: {entity!r} is no entity; add it to entities.yaml or check its spelling"
        for pattern in (*brand.model_names, *(model for row in brand.made_by for model in row.models)):
            if problem := wrong_pattern(pattern):
                yield here, f"{name}: {problem}"


def _wrong_file(
    file: Traversable, content: SignatureFile, ids: frozenset[str], first_seen: dict[str, str], *, proven: bool
) -> Iterator[tuple[Path, str]]:
    if content.maker not in ids:
        yield ("maker",), f"maker {content.maker!r} is no entity; add it to entities.yaml or check its spelling"
    for index, signature in enumerate(content.signatures):
        here: Path = ("signatures", index)
        if signature.id in first_seen:
            yield here, f"signature {signature.id}: stands in {first_seen[signature.id]} too; give it its own id"
        first_seen.setdefault(signature.id, shown_path(file))
        for problem in _wrong_signature(signature, ids):
            yield here, f"signature {signature.id}: {problem}"
        if not proven and (problem := wrong_pattern(signature.pattern)):
            yield (*here, "pattern"), f"signature {signature.id}: {problem}"


def _wrong_signature(signature: Signature, ids: frozenset[str]) -> Iterator[str]:
    if not _ID.fullmatch(signature.id):
        yield "ids are small letters and digits, with hyphens between the words"
    if signature.reads not in FIELDS:
        yield f"reads {signature.reads!r}, which no probe observes; see the field table in signatures/README.md"
    if signature.brand is not None and signature.brand not in ids:
        yield f"brand {signature.brand!r} is no entity; add it to entities.yaml or check its spelling"
    shares = (signature.seen_in, signature.seen_in_others)
    if not all(0 <= share <= 1 for share in shares):
        yield "seen_in and seen_in_others are shares; give numbers from 0 to 1"
    elif signature.says is Says.MAKER and signature.seen_in <= signature.seen_in_others:
        yield "seen_in must be more than seen_in_others, or the sign speaks against its own maker"
