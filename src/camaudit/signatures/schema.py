"""The form of the files in ``signatures/``; ``signatures/README.md`` explains it to the people who write them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from camaudit.model import Kind, Relation, Strength
from camaudit.yamlio import STRICT


class Says(StrEnum):
    """What a signature claims when it matches."""

    MAKER = "maker"
    BRAND = "brand"
    MODEL = "model"
    FIRMWARE = "firmware"
    SERIAL = "serial"
    KIND = "kind"
    STATE = "state"


class EntityType(StrEnum):
    """Who an entity is to a camera."""

    MAKER = "maker"
    BRAND = "brand"
    SOFTWARE = "software"


@dataclass(frozen=True, slots=True)
class Example:
    """A text that must match and extract exactly this, and where it was seen (``made``: written by us)."""

    __pydantic_config__ = STRICT
    text: str
    source: str
    extracts: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Reject:
    """A text that must not match, and where it was seen."""

    __pydantic_config__ = STRICT
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Signature:
    """One sign: a pattern over one field, what it claims, and how often it is seen with and without the maker.

    Named groups of ``pattern`` may be model, firmware, build (YYMMDD), date, serial, mac, brand, channels and
    value; they become the claims of those names. ``seen_in`` and ``seen_in_others`` are shares (0 to 1) of the
    devices that have the field at all.
    """

    __pydantic_config__ = STRICT
    id: str
    reads: str
    pattern: str
    says: Says
    strength: Strength
    source: tuple[str, ...]
    examples: tuple[Example, ...]
    seen_in: float = 0.5
    seen_in_others: float = 0.01
    basis: Literal["corpus", "vendor_doc", "expert"] = "expert"
    brand: str | None = None
    kind: Kind | None = None
    state: str | None = None
    rejects: tuple[Reject, ...] = ()
    shares_with: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class SignatureFile:
    """One file of ``signatures/vendors``: the signs of one maker, or of one software that is no maker."""

    __pydantic_config__ = STRICT
    schema: Literal["camaudit/signatures@1"]
    maker: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """Where facts come from: what it is, which version or date, its licence, and where it lies."""

    __pydantic_config__ = STRICT
    what: str
    version: str
    licence: str
    where: str


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The file ``signatures/sources.yaml``."""

    __pydantic_config__ = STRICT
    schema: Literal["camaudit/sources@1"]
    sources: dict[str, Source]


@dataclass(frozen=True, slots=True)
class Ownership:
    """Whose brand or subsidiary an entity is, and between which days."""

    __pydantic_config__ = STRICT
    maker: str
    relation: Relation
    source: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """A maker, a brand, or a piece of software; its id is fixed and part of the outward contract.

    ``prc_law`` says whether the producer is subject to the PRC National Intelligence Law on its face (seat in
    the PRC); ``disputed`` where the seat is mixed. ``organisations`` are patterns over the names in the registry
    of MAC prefixes. ``prior`` is the share of this maker among devices in an audited network (expert-set).
    ``sells_through_others`` holds the sources that say of a maker that buyers get its units under other labels.
    """

    __pydantic_config__ = STRICT
    id: str
    name: str
    type: EntityType
    source: tuple[str, ...]
    legal_name: str = ""
    aliases: tuple[str, ...] = ()
    owned_by: tuple[Ownership, ...] = ()
    country: str = ""
    prc_law: Literal["subject", "disputed", "no", "unknown"] = "unknown"
    organisations: tuple[str, ...] = ()
    prior: float = 0.01
    video: bool = True
    sells_through_others: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class EntityFile:
    """The file ``signatures/entities.yaml``."""

    __pydantic_config__ = STRICT
    schema: Literal["camaudit/entities@1"]
    entities: tuple[Entity, ...]


@dataclass(frozen=True, slots=True)
class OemMaker:
    """One maker that has built for a brand, how well that is known, and when."""

    __pydantic_config__ = STRICT
    maker: str
    strength: Literal["high", "medium", "low"]
    source: tuple[str, ...]
    models: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class OemBrand:
    """Who is known to build for a brand. It moves a prior and names the brand; it never convicts."""

    __pydantic_config__ = STRICT
    brand: str
    made_by: tuple[OemMaker, ...]
    model_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OemFile:
    """The file ``signatures/oem.yaml``."""

    __pydantic_config__ = STRICT
    schema: Literal["camaudit/oem@1"]
    brands: tuple[OemBrand, ...]
