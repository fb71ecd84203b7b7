"""The proof of the packs: every example of every rule, judged as a real unit would be.

In go policies and entities, out come the examples that came out otherwise, each with its file and line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from importlib.resources.abc import Traversable

from camaudit.model import Candidate, Certainty, Device, DeviceState, Finding, Identification, Site, Vulnerability
from camaudit.policy.documents import INSTRUMENTS
from camaudit.policy.evaluate import evaluate
from camaudit.policy.load import DOCUMENTS, Policies
from camaudit.policy.problems import Problems
from camaudit.policy.register import InstrumentsFile
from camaudit.policy.schema import Pack, PackForm, Rule, RuleExample
from camaudit.resources import yaml_files
from camaudit.signatures.schema import Entity
from camaudit.yamlio import load

_CONFIDENCE = {
    Certainty.CONFIRMED: 0.99,
    Certainty.PROBABLE: 0.85,
    Certainty.POSSIBLE: 0.4,
    Certainty.UNKNOWN: 0.1,
}
CHECKED_FOR = timedelta(days=365)
"""How long a check of an instrument is good for."""


def verify(policies: Policies, entities: Mapping[str, Entity]) -> tuple[str, ...]:
    """Return a line for each example that does not get the verdict, or the question, that it expects."""
    return tuple(
        problem
        for pack in policies.packs
        for rule in pack.rules
        for example in rule.form.examples
        for problem in _failures(policies, pack, rule, example, entities)
    )


def stale(folders: Iterable[Traversable], today: date) -> tuple[str, ...]:
    """Return a line, with file and line, for each instrument that nobody has checked for twelve months.

    Every record of these folders counts, cited or not; raises ``DataFileError`` where a file cannot be read.
    """
    return tuple(line for folder in folders for file in yaml_files(folder) for line in _stale_in(file, today))


def _stale_in(file: Traversable, today: date) -> list[str]:
    problems = Problems(file)
    if file.name == DOCUMENTS:
        return []
    key, records = (
        ("instruments", load(file, InstrumentsFile).instruments)
        if file.name == INSTRUMENTS
        else ("own_instruments", load(file, PackForm).own_instruments)
    )
    for index, record in enumerate(records):
        if today - record.checked > CHECKED_FOR:
            told = f"{record.id} was last checked on {record.checked.isoformat()}; read it again and set the day"
            problems.add((key, index, "checked"), told)
    return problems.found


def _failures(
    policies: Policies, pack: Pack, rule: Rule, example: RuleExample, entities: Mapping[str, Entity]
) -> Iterator[str]:
    at = f"{pack.file}:{rule.line}: {pack.id}/{rule.id}: example {example.name!r}"
    if example.maker is not None and example.maker not in entities:
        yield f"{at}: {example.maker!r} is no entity of signatures/entities.yaml"
        return
    finding = _judged(policies, pack, rule, example, entities)
    verdict = finding.verdict.value if finding else "no_finding"
    if verdict != str(example.expect):
        reason = f" ({finding.reason} {finding.question})" if finding else ""
        yield f"{at}: expected {example.expect}, got {verdict}{reason}"
    elif example.asks and (finding is None or example.asks not in finding.question):
        yield f"{at}: its question does not hold {example.asks!r}: {finding.question if finding else ''}"


def _judged(
    policies: Policies, pack: Pack, rule: Rule, example: RuleExample, entities: Mapping[str, Entity]
) -> Finding | None:
    findings = evaluate(
        [example_device(example)],
        example_site(example),
        [pack],
        register=policies.register,
        entities=entities,
        today=example.today,
    )
    return next((finding for finding in findings if finding.rule == rule.id), None)


def example_device(example: RuleExample) -> Device:
    """Return the unit of an example."""
    identification = Identification(
        maker=example.maker,
        certainty=example.certainty,
        confidence=_CONFIDENCE[example.certainty],
        kind=example.kind,
        video=True,
        firmware_date=example.firmware_date,
        state=DeviceState(
            activated=example.activated,
            cloud=example.cloud,
            analytics=example.analytics,
            access_terminal=example.access_terminal,
        ),
        candidates=tuple(Candidate(maker, 0.35) for maker in example.possible),
    )
    listed = example.today if example.weakness == "known_exploited" else None
    weak = (Vulnerability("CVE-0000-0000", "made", "affected", listed),) if example.weakness else ()
    return Device("example", example.address, identification, vulnerabilities=weak, exposed=example.exposed)


def example_site(example: RuleExample) -> Site:
    """Return the site of an example."""
    site = example.site
    return Site("", site.jurisdiction, site.kind, dict(site.facts), core_networks=site.core_networks)
