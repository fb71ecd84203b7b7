"""Which packs a site is judged by."""

from __future__ import annotations

import pytest

from camaudit.errors import UsageError
from camaudit.model import Site
from camaudit.policy.choose import applicable_packs
from camaudit.policy.load import Policies


@pytest.mark.parametrize(
    ("site", "chosen"),
    [
        (Site("", "GB-ENG", "school"), ["uk-school"]),
        (Site("", "GB", "council"), ["uk-public-body-baseline"]),
        (Site("", "GB", "government"), ["uk-central-sensitive-site", "uk-public-body-baseline"]),
        (
            Site("", "US", "school"),
            ["us-erate", "us-federal-contractor", "us-federal-grant-recipient", "us-market-fcc"],
        ),
        (
            Site("", "GB-ENG", "company", {"holds_us_federal_contracts": True}),
            ["uk-public-body-baseline", "us-federal-contractor"],
        ),
        (Site("", "NO", "school"), []),
        (Site("", "FR", "school"), ["eu-baseline"]),
        (
            Site(
                "",
                "US-TX",
                "council",
                {
                    "holds_us_federal_contracts": False,
                    "spends_us_federal_awards": False,
                    "us_federal_agency": False,
                    "spends_universal_service_support": False,
                },
            ),
            ["us-market-fcc"],
        ),
    ],
)
def test_packs_follow_from_the_site(policies: Policies, site: Site, chosen: list[str]) -> None:
    assert [p.id for p in applicable_packs(site, policies.packs) if p.jurisdiction != "any"] == chosen


def test_nothing_known_leaves_every_pack_open(policies: Policies) -> None:
    open_packs = applicable_packs(Site(""), policies.packs)
    assert {pack.id for pack in policies.packs} - {pack.id for pack in open_packs} == {"context-human-rights"}


def test_packs_may_be_named(policies: Policies) -> None:
    site = Site("", "GB-ENG", "school", policies=("uk-school",))
    assert [p.id for p in applicable_packs(site, policies.packs)] == ["uk-school"]
    assert [p.id for p in applicable_packs(site, policies.packs, ["us-market-fcc"])] == ["us-market-fcc"]
    with pytest.raises(UsageError, match="did you mean 'uk-school'"):
        applicable_packs(site, policies.packs, ["uk-schol"])
