"""Units, sites and policies for the tests of judgement."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from camaudit.model import Candidate, Certainty, Device, Finding, Identification, Kind, Relation, Site
from camaudit.policy.evaluate import evaluate
from camaudit.policy.load import Policies, load_policies
from camaudit.resources import data_folder, data_root
from camaudit.signatures.schema import Entity, EntityFile, EntityType, Ownership
from camaudit.yamlio import load

TODAY = date(2026, 11, 22)
OWN = Path(str(data_root())) / "examples" / "own-policy"


def entity(name: str, **more: object) -> Entity:
    return Entity(id=name, name=name.title(), type=EntityType.MAKER, source=("made",), **more)  # type: ignore[arg-type] # a builder passes on what the test names


def make_unit(
    maker: str | None = None,
    certainty: Certainty = Certainty.CONFIRMED,
    *,
    possible: Mapping[str, float] | None = None,
    video: bool = True,
    kind: Kind = Kind.CAMERA,
    address: str = "192.0.2.10",
    first_seen: date | None = None,
    **more: object,
) -> Device:
    confidence = {"confirmed": 0.97, "probable": 0.85, "possible": 0.4, "unknown": 0.1}[certainty.value]
    candidates = tuple(Candidate(name, share) for name, share in (possible or {}).items())
    found = Identification(maker, certainty, confidence, kind=kind, video=video, candidates=candidates, **more)  # type: ignore[arg-type] # as above
    return Device(f"unit-{address}", address, found, first_seen=first_seen)


@pytest.fixture(scope="session")
def entities() -> dict[str, Entity]:
    found = load(data_folder("signatures") / "entities.yaml", EntityFile)
    return {entity.id: entity for entity in found.entities}


@pytest.fixture(scope="session")
def few() -> dict[str, Entity]:
    """A small world with every kind of tie, so that a change of the real data breaks no test of logic."""
    sold = Ownership("hikvision", Relation.SUBSIDIARY, "made", until=date(2024, 1, 31))
    listed = [
        entity("hikvision", prc_law="subject", country="CN"),
        entity("dahua", prc_law="subject", country="CN"),
        entity("uniview", prc_law="subject", country="CN"),
        entity("huawei", prc_law="subject"),
        entity("hisilicon", prc_law="subject", owned_by=(Ownership("huawei", Relation.SUBSIDIARY, "made"),)),
        entity("home-arm", country="CN", owned_by=(Ownership("hikvision", Relation.SUBSIDIARY, "made"),)),
        entity("abroad-arm", country="GB", owned_by=(Ownership("hikvision", Relation.SUBSIDIARY, "made"),)),
        entity("grandchild", owned_by=(Ownership("home-arm", Relation.OWN_BRAND, "made"),)),
        entity("customer", prc_law="no", owned_by=(Ownership("hikvision", Relation.OEM, "made"),)),
        entity("sold-arm", prc_law="no", owned_by=(sold,)),
        entity("tp-link", prc_law="disputed"),
        entity("axis", prc_law="no"),
        entity("ring-a", owned_by=(Ownership("ring-b", Relation.SUBSIDIARY, "made"),)),
        entity("ring-b", owned_by=(Ownership("ring-a", Relation.SUBSIDIARY, "made"),)),
        Entity("label", "Label", EntityType.BRAND, ("made",)),
    ]
    return {each.id: each for each in listed}


@pytest.fixture(scope="session")
def policies(entities: dict[str, Entity]) -> Policies:
    return load_policies(data_folder("policies"), entities, also=(OWN,))


@pytest.fixture(scope="session")
def unit() -> Callable[..., Device]:
    return make_unit


@pytest.fixture(scope="session")
def judge(policies: Policies, entities: dict[str, Entity]) -> Callable[..., tuple[Finding, ...]]:
    """Judge units at a site by the named packs, by all shipped ones where none is named."""

    def run(devices: Device | list[Device], site: Site, *packs: str, today: date = TODAY) -> tuple[Finding, ...]:
        chosen = [
            pack for pack in policies.packs if pack.id in packs or (not packs and pack.id != "own-phase-out")
        ]
        listed = [devices] if isinstance(devices, Device) else devices
        return evaluate(listed, site, chosen, register=policies.register, entities=entities, today=today)

    return run


INSTRUMENTS = """\
schema: camaudit/instruments@1
sources:
  page: {url: 'https://example.org/act', note: made}
instruments:
  - id: act
    title: Example Act
    citation: Example Act, s. 1
    jurisdiction: [XX]
    issuing_body: Parliament
    binds: Everybody.
    force: binding_law
    restricts: [use]
    asks: Not to use them.
    installed_camera: To be taken down.
    reach: The named makers.
    named: [hikvision]
    made: 2020-01-01
    status: in force
    sources: [page]
    known_as_of: '2026-01'
    checked: 2026-11-22
    confidence: high
    role: rule
"""
DOCUMENTS = "schema: camaudit/documents@1\ndocuments: []\n"
PACK = """\
schema: camaudit/policy@1
id: pack
title: A pack
jurisdiction: XX
version: '1'
status: in_force
about: Made.
applies_to: {always: true}
makers:
  named: {members: [hikvision], cites: [act]}
rules:
  - id: in-use
    title: In use
    severity: high
    violated_when: {maker_in: named}
    cites: [act]
    remedy: replace
    reason: {violation: 'This {device} is of {maker}.'}
    examples:
      - {name: one, maker: hikvision, expect: violation}
      - {name: two, maker: axis, expect: compliant}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "instruments.yaml").write_text(INSTRUMENTS)
    (tmp_path / "documents.yaml").write_text(DOCUMENTS)
    (tmp_path / "xx").mkdir()
    (tmp_path / "xx" / "pack.yaml").write_text(PACK)
    return tmp_path


@pytest.fixture(scope="session")
def change() -> Callable[[Path, str, str], None]:
    """Put another text in the place of one that a file must hold."""

    def run(file: Path, old: str, new: str) -> None:
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new, 1))

    return run
