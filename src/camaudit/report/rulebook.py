"""The rulebook: in go the policies, out come pages in Markdown, one for each pack and one for all instruments.

They say in plain language what a pack is for, when each rule speaks up, and what it rests on. ``make docs`` writes
those of the repository; ``camaudit policies pages`` writes them with the operator's own packs among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from camaudit.policy.load import Policies
from camaudit.policy.makers import MakerSet
from camaudit.policy.register import Instrument, Register
from camaudit.policy.schema import Effect, Pack, Rule
from camaudit.report.conditions import in_words, place_name
from camaudit.report.rulebook_words import rulebook_words
from camaudit.report.words import words
from camaudit.signatures.schema import Entity

INDEX = "rules.md"
INSTRUMENTS = "instruments.md"
_HOLES = {"{device}": "device", "{maker}": "[maker]", "{brand}": "the name on its label", "{site}": "the site"}


def pages(policies: Policies, entities: Mapping[str, Entity]) -> Mapping[str, str]:
    """Return the text of every page by its path below the folder of the pages."""
    names = {entity.id: entity.name for entity in entities.values()}
    packs = {f"packs/{pack.id}.md": _text(_pack(pack, policies.register, names)) for pack in policies.packs}
    return {
        INDEX: _text(_index(policies.packs)),
        INSTRUMENTS: _text(_instruments(policies, names)),
        **packs,
    }


def _text(lines: Iterable[str]) -> str:
    return "\n".join(lines).rstrip() + "\n"


def _head(title: str, up: str) -> Iterator[str]:
    page = rulebook_words().page
    yield from (str(page["written"]), "", f"# {title}", "", str(page["not_advice"]), "")
    if up:
        yield from (f"[{page['back']}]({up})", "")


def _index(packs: Iterable[Pack]) -> Iterator[str]:
    w = rulebook_words()
    yield from _head(str(w.page["index"]), "")
    yield from (str(w.page["index_about"]), "", f"[{w.page['instruments']}]({INSTRUMENTS})", "")
    yield from (f"## {w.page['packs']}", "")
    yield f"| {' | '.join(w.page['columns'])} |"
    yield "| --- | --- | --- | --- |"
    for pack in packs:
        cells = (
            f"[{pack.id}](packs/{pack.id}.md)",
            pack.title,
            place_name(pack.jurisdiction),
            str(len(pack.rules)),
        )
        yield f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _pack(pack: Pack, register: Register, names: Mapping[str, str]) -> Iterator[str]:
    w = rulebook_words()
    yield from _head(pack.title, f"../{INDEX}")
    status = w.status[pack.status] + (f"; {w.status['optional']}" if pack.optional else "")
    yield from (f"`{pack.id}`: {status}.", "", pack.about, "", f"## {w.page['for_whom']}", "")
    yield from in_words(pack.applies_to)
    if pack.makers:
        yield from ("", f"## {w.page['makers']}", "")
        yield from _makers(pack.makers, names)
    yield from ("", f"## {w.page['rules']}", "")
    for rule in pack.rules:
        yield from _rule(rule, register)


def _makers(sets: Mapping[str, MakerSet], names: Mapping[str, str]) -> Iterator[str]:
    w = rulebook_words().makers
    for name, makers in sets.items():
        line = w["line"].format(name=name, members=_listed(makers.members, names))
        owned = "with" if makers.with_subsidiaries else "without"
        owned = "disputed_owned" if makers.with_subsidiaries == "disputed" else owned
        disputed = w["disputed"].format(members=_listed(makers.disputed, names)) if makers.disputed else ""
        yield f"- {line}, {w[owned]}. {disputed}".rstrip()


def _listed(ids: Iterable[str], names: Mapping[str, str]) -> str:
    return ", ".join(names.get(each, each) for each in ids)


def _rule(rule: Rule, register: Register) -> Iterator[str]:
    w, form = rulebook_words(), rule.form
    yield from (f"### {form.title}", "", w.effect[form.effect])
    carried = any(register.instruments[name].carries_a_violation for name in form.cites)
    if form.effect is Effect.RESTRICTS and not carried:
        yield w.effect["downgraded"]
    yield from ("", w.rule["when"], "")
    yield from in_words(rule.violated_when)
    yield ""
    for heading, sentences in ((w.rule["says"], _says(rule)), (w.rule["asks"], _asks(rule))):
        if sentences:
            yield from (f"{heading}:", "", *(f"> {_filled(sentence)}\n>" for sentence in sentences[:-1]))
            yield from (f"> {_filled(sentences[-1])}", "")
    yield from (f"- {line}" for line in _limits(rule))
    yield from ("", f"{w.rule['rests']}:", "")
    for name in form.cites:
        found = register.instruments[name]
        yield f"- [{found.title}](../{INSTRUMENTS}#{name}), {found.citation}"
    if form.serves:
        linked = ", ".join(f"[{register.instruments[n].title}](../{INSTRUMENTS}#{n})" for n in form.serves)
        yield from ("", w.rule["served"].format(names=linked))
    yield ""


def _says(rule: Rule) -> list[str]:
    reason = rule.form.reason
    main = {Effect.RESTRICTS: reason.violation, Effect.INFORMS: reason.compliant}.get(
        rule.form.effect, reason.review
    )
    return [main] if main else []


def _asks(rule: Rule) -> list[str]:
    return [each for each in (rule.form.question, *rule.form.questions.values()) if each]


def _filled(sentence: str) -> str:
    for hole, word in _HOLES.items():
        sentence = sentence.replace(hole, word)
    return " ".join(sentence.split())


def _limits(rule: Rule) -> Iterator[str]:
    w, form = rulebook_words(), rule.form
    day = words().day
    deadline = form.deadline
    if form.todo:
        yield w.rule["todo"].format(todo=_filled(form.todo))
    elif w.remedy[form.remedy]:
        yield w.remedy[form.remedy]
    if form.when:
        yield w.rule["by"].format(when=_filled(form.when))
    if deadline is not None and deadline.fixed:
        yield w.rule["due_fixed"].format(date=day(deadline.fixed))
    if deadline is not None and deadline.days_after_first_seen is not None:
        yield w.rule["due_days"].format(n=deadline.days_after_first_seen)
    if form.effective:
        yield w.rule["effective"].format(date=day(form.effective))
    if form.until:
        yield w.rule["until"].format(date=day(form.until))
    if rule.asks_maker:
        yield w.rule["certainty"].format(certainty=words().certainties[form.minimum_certainty])
    if form.yields_to:
        yield w.rule["yields"]
    if not form.waivable:
        yield w.rule["unwaivable"]


def _instruments(policies: Policies, names: Mapping[str, str]) -> Iterator[str]:
    w, register = rulebook_words(), policies.register
    yield from _head(str(w.page["instruments"]), INDEX)
    yield from (str(w.page["instruments_about"]), "")
    for instrument in register.instruments.values():
        yield from (f'<a id="{instrument.id}"></a>', "", f"## {instrument.title}", "")
        for label, text in _fields(instrument, names):
            if text:
                yield f"- **{w.instrument[label]}:** {' '.join(text.split())}"
        yield from ("", *_notes(instrument, register), *_resting(instrument, policies.packs), "")


def _fields(it: Instrument, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    w = rulebook_words()
    known = {"date": it.known_as_of, "confidence": it.confidence, "checked": it.checked}
    yield "citation", it.citation
    yield "issued", it.issuing_body
    yield "binds", it.binds
    yield "force", w.force[it.force]
    yield "restricts", ", ".join(w.restricts[verb] for verb in it.restricts)
    yield "asks", it.asks
    yield "installed", it.installed_camera
    yield "reach", it.reach
    yield "named", ", ".join([*(names.get(name, name) for name in it.named), *it.named_others])
    yield "purpose", it.purpose_limb
    yield "dates", "; ".join(dict.fromkeys(str(each) for each in (it.made, *it.in_force)))
    yield "deadlines", "; ".join(it.deadlines)
    yield "exceptions", "; ".join(it.exceptions)
    yield "status", it.status
    recheck = f". {w.instrument['recheck']}" if it.recheck else ""
    yield "known", f"{w.instrument['known_line'].format(**known)}{recheck}"
    yield "role", w.role[it.role]
    yield "note", it.note
    yield "source", f"<{it.url}>" if it.url else ""


def _notes(instrument: Instrument, register: Register) -> Iterator[str]:
    notes = register.notes_on(instrument.id)
    if notes:
        yield from (f"{rulebook_words().instrument['documents']}:", "")
        yield from (f'- {note.document}: "{note.states}" {note.correction}'.rstrip() for note in notes)
        yield ""


def _resting(instrument: Instrument, packs: Iterable[Pack]) -> Iterator[str]:
    w = rulebook_words().page
    citing = [
        pack.id
        for pack in packs
        if any(instrument.id in (*rule.form.cites, *rule.form.serves) for rule in pack.rules)
    ]
    if citing:
        yield f"{w['cited_in']}: {', '.join(f'[{name}](packs/{name}.md)' for name in citing)}."
    else:
        yield str(w["nobody"])
