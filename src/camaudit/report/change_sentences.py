"""Changes in sentences: in goes what ``changes`` found, out comes plain language. Each format escapes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from camaudit.changes import Cause, FactChange, UnitChange, VerdictChange, What, Why
from camaudit.model import Device
from camaudit.report.change_words import ChangeWords, change_words
from camaudit.report.sentences import called
from camaudit.report.summary import name_of
from camaudit.report.words import words

_MAX_FACTS = 4
_LISTS = frozenset({"analytics", "exposed", "weaknesses", "address"})
_SAID_BY = {"firmware_date": "firmware"}
"""Facts that follow from another one, and are not told beside it."""
_NOTHING = "–"


def how(unit: UnitChange, names: Mapping[str, str]) -> str:
    """Say how a device was known again and what differs, or where one that was not seen may be."""
    w = change_words()
    if unit.before is None:
        return ""
    if unit.after is None:
        return w.whereabouts.get(unit.whereabouts, "")
    if What.REPLACED in unit.what:
        return f"{replaced(unit)}; {w.was.format(device=_called(unit.before, names))}"
    back = w.back.format(date=words().day(unit.last_seen)) if unit.last_seen else ""
    known = w.by[unit.by] if unit.by else ""
    return "; ".join(part for part in (back, changed(unit.facts, names), known) if part)


def replaced(unit: UnitChange) -> str:
    """Say that another unit stands in the place of one, and by what it is told from it."""
    w = change_words()
    return w.replaced.format(apart=", ".join(w.apart[kind] for kind in unit.apart))


def device_of(unit: UnitChange, names: Mapping[str, str]) -> str:
    """Return what to call the device that is there now, or was there."""
    return _called(unit.after or unit.before, names)


def _called(device: Device | None, names: Mapping[str, str]) -> str:
    return called(device, names, words()) if device else ""


def changed(facts: Sequence[FactChange], names: Mapping[str, str], *, of_site: bool = False) -> str:
    """Return the first facts that changed, as a list in words."""
    w = change_words()
    nothing = w.unstated if of_site else w.unread
    there = {fact.name for fact in facts}
    shown = [fact for fact in facts if _SAID_BY.get(fact.name) not in there]
    told = []
    for fact in shown[:_MAX_FACTS]:
        before, after = _differing(fact) if fact.name in _LISTS else (fact.before, fact.after)
        sides = {"before": _value(fact, before, names), "after": _value(fact, after, names)}
        filled = {side: value or nothing for side, value in sides.items()}
        told.append(w.change.format(name=w.facts.get(fact.name, fact.name), **filled))
    return ", ".join(told + ["…"] * (len(shown) > _MAX_FACTS))


def _differing(fact: FactChange) -> tuple[str, str]:
    """Return what of a list is there no longer, and what is there now."""
    before, after = fact.before.split(", "), fact.after.split(", ")
    gone, come = ([e for e in one if e not in other] for one, other in ((before, after), (after, before)))
    return ", ".join(gone) or _NOTHING, ", ".join(come) or _NOTHING


def _value(fact: FactChange, value: str, names: Mapping[str, str]) -> str:
    match fact.name:
        case "maker":
            return name_of(names, value)
        case "certainty":
            return words().certainties.get(value, value)
        case "exposed":
            return ", ".join(words().exposed.get(each, each) for each in value.split(", "))
        case "weaknesses":
            # A known weakness is named by its number; how sure it is is said in words elsewhere.
            return value.replace("_", " ")
        case _:
            return value


def verdict(change: VerdictChange) -> str:
    """Return the verdict before and after."""
    before = _state(change.before, waived=change.waived_before)
    after = _state(change.after, waived=change.waived_after)
    return change_words().verdict.format(before=before, after=after)


def _state(state: str, *, waived: bool) -> str:
    if not state:
        return change_words().no_finding
    word = words().findings[state]
    return f"{word}, {words().verdicts['waived'].lower()}" if waived else word


def why(change: VerdictChange, names: Mapping[str, str]) -> str:
    """Say why a verdict changed."""
    w = change_words()
    told = " / ".join(dict.fromkeys(cause(each, change, names) for each in change.causes))
    if len(change.causes) > 1 and Why.UNKNOWN not in {each.why for each in change.causes}:
        # What our knowledge changed comes first and what the site changed on top: these two always act together.
        told = w.why["together" if change.together else "either"].format(causes=told)
    again = w.again.format(date=words().day(change.open_before)) if change.open_before else ""
    return "; ".join(part for part in (told, again) if part)


def cause(each: Cause, change: VerdictChange, names: Mapping[str, str]) -> str:
    """Say one cause."""
    w = change_words()
    match each.why:
        case Why.DEVICE:
            return _of_device(each, change.unit, names, w)
        case Why.SIGNATURES:
            return w.why["signatures"].format(changes=changed(each.facts, names))
        case Why.SITE if each.facts:
            return w.why["site"].format(changes=changed(each.facts, names, of_site=True))
        case Why.SITE:
            return w.why["policies" if each.names else "policies_implied"].format(names=", ".join(each.names))
        case Why.WAIVER:
            return _of_waiver(each, change, w)
        case Why.LAW_DATE:
            return w.why[f"law_date_{each.names[0]}"].format(date=words().day(each.day))
        case Why.DAY:
            return w.why["day"].format(date=words().day(each.day))
        case Why.RULES:
            return w.why["rules"].format(names=", ".join(name_of(names, name) for name in each.names))
        case _:
            return w.why[each.why].format(names=" → ".join(each.names))


def _of_device(each: Cause, unit: UnitChange, names: Mapping[str, str], w: ChangeWords) -> str:
    if What.REPLACED in unit.what:
        return replaced(unit)
    for what in (What.NEW, What.GONE):
        if what in unit.what:
            return w.why[f"device_{what}"]
    return w.why["device"].format(changes=changed(each.facts, names)) if each.facts else w.why["device_same"]


def _of_waiver(each: Cause, change: VerdictChange, w: ChangeWords) -> str:
    if each.waiver is None:
        return w.why["waiver"]
    key = "waiver_given" if change.waived_after else "waiver_ended" if each.day else "waiver_gone"
    date = words().day(each.waiver.expires)
    return w.why[key].format(who=each.waiver.granted_by, date=date, reason=each.waiver.reason.rstrip(". "))


def notice(key: str, told: Mapping[str, str]) -> str:
    """Return one of the sentences that stand before a comparison."""
    return change_words().notices[key].format(**told)


def not_seen(number: int) -> str:
    """Return what has to be said first where devices with something open were not seen again."""
    return words().counted(change_words().since, "notice", number)
