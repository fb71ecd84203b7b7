"""What was not judged for want of a place or a pack: in go a site, the packs and the register, out come sentences.

A report that keeps silent on a rule reads as if the rule were kept; so it names what nobody asked. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from camaudit.model import Site
from camaudit.phrases import phrases
from camaudit.policy.places import lies_in
from camaudit.policy.register import Instrument, Register
from camaudit.policy.schema import Pack
from camaudit.policy.words import Subject

_BINDING = ("binding_law", "binding_on_government")
_DAY = date(1, 1, 1)
"""Words about a site do not look at the day."""


def left_out(site: Site, packs: Iterable[Pack], register: Register, chosen: Sequence[str] = ()) -> Iterator[str]:
    """Yield a sentence for rules that may bind this site and that nothing was judged by.

    Whoever names packs by hand knows what they leave out; and where no country is known the packs ask for it.
    """
    if chosen or site.policies or not site.jurisdiction:
        return
    known = tuple(packs)
    said = phrases().gaps
    unchecked = tuple(_unchecked(known, register))
    nearby = [pack for pack in known if _may_lie_there(pack, site)]
    if nearby:
        names = "; ".join(f"{pack.title} ({pack.jurisdiction})" for pack in nearby)
        yield said["place"].format(here=site.jurisdiction, packs=names)
        parts = sorted(
            {j for each in unchecked for j in each.jurisdiction if lies_in(site.jurisdiction, j) is None}
        )
        if parts:
            yield said["parts"].format(here=site.jurisdiction, parts=", ".join(parts))
    for each in unchecked:
        if any(lies_in(site.jurisdiction, place) for place in each.jurisdiction):
            about = {"title": each.title, "citation": each.citation, "installed": each.installed_camera}
            yield said["no_pack"].format(binds=each.binds.rstrip("."), **about)


def _may_lie_there(pack: Pack, site: Site) -> bool:
    """Say whether only the place is too inexact to tell that this pack is not for the site."""
    if pack.optional or lies_in(site.jurisdiction, pack.jurisdiction) is not None:
        return False
    return pack.applies_to.answer(Subject(site, _DAY, {}, pack.makers)).truth is None


def _unchecked(packs: Sequence[Pack], register: Register) -> Iterator[Instrument]:
    """Yield the binding instruments of places that no pack is of, which no pack cites."""
    cited = {n for pack in packs for rule in pack.rules for n in (*rule.form.cites, *rule.form.serves)}
    places = {pack.jurisdiction for pack in packs}
    for each in register.instruments.values():
        if each.force in _BINDING and each.id not in cited and places.isdisjoint(each.jurisdiction):
            yield each
