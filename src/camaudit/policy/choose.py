"""Which packs a site is judged by.

In go a site, the packs and what the operator asked for, out come packs: those that are, or may turn out to be,
for a site like this one.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from datetime import date

from camaudit.errors import UsageError
from camaudit.model import Site
from camaudit.policy.places import lies_in
from camaudit.policy.schema import Pack
from camaudit.policy.words import Subject

_DAY = date(1, 1, 1)
"""Words about a site do not look at the day."""


def applicable_packs(site: Site, packs: Iterable[Pack], chosen: Iterable[str] = ()) -> tuple[Pack, ...]:
    """Return the packs to judge by, in the order of the files.

    ``chosen`` ids (``--policy``), else those of the site file, override the choice; whether such a pack applies is
    still judged. A pack that is ``optional`` is used only where it is named. Raises ``UsageError`` for an id that
    no pack has.
    """
    by_id = {pack.id: pack for pack in packs}
    wanted = tuple(dict.fromkeys(chosen)) or tuple(dict.fromkeys(site.policies))
    if wanted:
        return tuple(_named(name, by_id) for name in wanted)
    return tuple(pack for pack in by_id.values() if not pack.optional and _may_apply(pack, site))


def _named(name: str, by_id: Mapping[str, Pack]) -> Pack:
    if name in by_id:
        return by_id[name]
    near = difflib.get_close_matches(name, by_id, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(by_id)}"
    raise UsageError(f"{name}: no such policy; {hint}")


def _may_apply(pack: Pack, site: Site) -> bool:
    truth = pack.applies_to.answer(Subject(site, _DAY, {}, pack.makers)).truth
    if truth is not None:
        return truth
    # A rule of another country is not asked after; one that is known to bind follows the organisation anywhere.
    here = site.jurisdiction
    return not here or bool(lies_in(here, pack.jurisdiction))
