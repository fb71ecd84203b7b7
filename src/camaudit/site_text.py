"""The site file as text: in goes a ``Site``, out comes the file that ``camaudit init`` writes."""

from __future__ import annotations

from collections.abc import Iterator

from camaudit.language import languages
from camaudit.model import Site
from camaudit.planning import listed, planning_lines
from camaudit.policy.facts import FACTS, SITE_KINDS
from camaudit.records import as_item, decision_lines, letter_lines, quoted, sighting_lines
from camaudit.site import questions_for


def write_site(site: Site) -> str:
    """Return the site file for the answers in ``site``, with a comment at each line for whoever edits it later."""
    kinds = ", ".join(SITE_KINDS)
    lines = [
        "# What camaudit knows of this site. A fact that is left out is unknown, never false:",
        "# camaudit then asks for it instead of judging.",
        "schema: camaudit/site@1",
        f"name: {quoted(site.name)}",
        "# Country, with its part where known: US, US-TX, GB, GB-ENG, 'NO' (in quotes). Rules differ by country.",
        _line("jurisdiction", site.jurisdiction),
        f"# Who runs the site; most rules bind one kind only. One of {kinds}.",
        _line("kind", site.kind),
        f"# The language of the reports: {', '.join(languages())}.",
        _line("language", site.language),
        "# What may be scanned: addresses, ranges, CIDR. Only what you are authorised to scan.",
        *listed("scope", site.scope),
        "# Never ask these, even inside the scope.",
        *listed("exclude", site.exclude),
        *_quiet_lines(site),
        "# Judge by these packs only; left out, the packs that fit this site are used.",
        *listed("policies", site.policies),
        "# Address ranges of the core network, the one that the main systems are in.",
        *listed("core_networks", site.core_networks),
        *_group_lines(site),
        *_fact_lines(site),
        *_record_lines(site),
        *planning_lines(site.planning),
    ]
    return "\n".join(lines) + "\n"


def _quiet_lines(site: Site) -> Iterator[str]:
    if site.quiet_hours:
        yield "# Nothing is sent at these times of day."
        yield from listed("quiet_hours", site.quiet_hours)


def _group_lines(site: Site) -> Iterator[str]:
    yield "# Names for addresses that belong together, for a credentials file to point to: yard: [192.0.2.0/26]"
    yield "groups:" if site.groups else "# groups: {}"
    for name, targets in site.groups.items():
        yield f"  {quoted(name)}: [{', '.join(map(quoted, targets))}]"


def _fact_lines(site: Site) -> Iterator[str]:
    given = {name: value for name, value in site.facts.items() if isinstance(value, bool)}
    open_facts = [fact for fact in questions_for(site) if fact.name not in given]
    if given or open_facts:
        # Without a fact the key is a comment too, so that whoever adds one frees both lines.
        yield "facts:" if given else "# facts:"
    for name, value in given.items():
        yield f"  # {FACTS[name].question}"
        yield f"  # {FACTS[name].why}"
        yield f"  {name}: {str(value).lower()}"
    for fact in open_facts:
        yield f"  # {fact.question}"
        yield f"  # {fact.why}"
        yield f"  # {fact.name}: true or false"


def _record_lines(site: Site) -> Iterator[str]:
    yield "# Letters of suppliers that a unit was not made by somebody: shown beside what the unit says, and never"
    yield "# instead of it. targets: addresses, ranges, MAC addresses or device ids."
    yield from _items("attestations", [letter_lines(each) for each in site.attestations])
    yield "# What somebody saw on a unit, its label or its papers, and when; `camaudit answer` writes these."
    yield from _items("sightings", [sighting_lines(each) for each in site.sightings])
    yield "# Decisions on questions that no fact settles, each with the day by which to look at it again."
    yield from _items("decisions", [decision_lines(each) for each in site.decisions])


def _items(key: str, items: list[list[str]]) -> Iterator[str]:
    yield f"{key}:" if items else f"# {key}: []"
    for lines in items:
        yield from as_item(lines)


def _line(key: str, value: str) -> str:
    return f"{key}: {quoted(value)}" if value else f"# {key}:"
