"""The replacement specification: it names no brand, and a unit that fulfils it passes every pack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from camaudit.model import Site
from camaudit.policy.load import Policies
from camaudit.policy.schema import Pack
from camaudit.policy.specification import brands_in, speaks_against, specification
from camaudit.signatures.schema import Entity

TODAY = date(2026, 11, 22)


def sites(pack: Pack) -> list[Site]:
    """Return every site that the pack's own examples speak of."""
    found = [each.site for rule in pack.rules for each in rule.form.examples]
    return [
        Site("", each.jurisdiction, each.kind, dict(each.facts), core_networks=each.core_networks)
        for each in found
    ]


def test_a_unit_that_fulfils_it_passes_every_pack(policies: Policies, entities: Mapping[str, Entity]) -> None:
    for pack in policies.packs:
        keys = {each.key for each in specification((pack,), policies.register, entities)}
        for site in sites(pack):
            against = speaks_against(
                keys, site, (pack,), register=policies.register, entities=entities, today=TODAY
            )
            assert against == (), (pack.id, site, against)


def test_it_names_no_brand(policies: Policies, entities: Mapping[str, Entity]) -> None:
    for packs in (policies.packs, *((pack,) for pack in policies.packs)):
        for each in specification(packs, policies.register, entities):
            assert brands_in(each.text, entities) == (), each.text
    assert brands_in("a unit of Hikvision", entities) == ("Hikvision",)


@pytest.mark.parametrize(
    ("left_out", "pack", "site"),
    [
        ("builder", "us-federal-contractor", Site("", "US", facts={"holds_us_federal_contracts": True})),
        ("maker", "us-federal-contractor", Site("", "US", facts={"holds_us_federal_contracts": True})),
        ("cloud", "hygiene", Site("", "US", "school")),
        ("password", "hygiene", Site("", "US", "school")),
        ("support", "hygiene", Site("", "US", "school")),
        ("locked", "hygiene", Site("", "US", "school")),
        ("encrypted", "hygiene", Site("", "US", "school")),
        ("network", "hygiene", Site("", "US", "school")),
    ],
)
def test_a_specification_that_leaves_something_out_is_caught(
    policies: Policies, entities: Mapping[str, Entity], left_out: str, pack: str, site: Site
) -> None:
    (chosen,) = (each for each in policies.packs if each.id == pack)
    keys = {each.key for each in specification((chosen,), policies.register, entities)}
    known = {"register": policies.register, "entities": entities, "today": TODAY}
    assert speaks_against(keys, site, (chosen,), **known) == ()
    assert speaks_against(keys - {left_out}, site, (chosen,), **known) != ()


def test_a_rule_on_the_law_of_the_producer_is_part_of_it(
    policies: Policies, entities: Mapping[str, Entity]
) -> None:
    (chosen,) = (each for each in policies.packs if each.id == "uk-central-sensitive-site")
    site = next(s for s in sites(chosen) if s.facts.get("sensitive_site") and s.facts.get("central_government"))
    keys = {each.key for each in specification((chosen,), policies.register, entities)}
    known = {"register": policies.register, "entities": entities, "today": TODAY}
    assert "prc" in keys
    assert speaks_against(keys - {"prc"}, site, (chosen,), **known) != ()


def test_it_names_the_instruments_that_name_the_makers(policies: Policies, entities: Mapping[str, Entity]) -> None:
    (chosen,) = (each for each in policies.packs if each.id == "us-federal-contractor")
    said = {each.key: each.text for each in specification((chosen,), policies.register, entities)}
    assert "889" in said["maker"]
    # A pack that names no maker asks for none to be ruled out.
    renamed = replace(chosen, rules=())
    assert "maker" not in {each.key for each in specification((renamed,), policies.register, entities)}
