"""The knowledge base as one value: signatures, entities, packs and the register, with what they weigh."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

from camaudit.cache import code_digest, kept
from camaudit.phrases import phrases
from camaudit.policy.load import Policies, load_policies
from camaudit.policy.makers import SOMEBODY_ELSE
from camaudit.policy.verify import verify as verify_policies
from camaudit.proof import digest, is_proven
from camaudit.resources import data_folder
from camaudit.signatures.load import Knowledge, load_knowledge
from camaudit.signatures.oui import OuiTable, packaged_table
from camaudit.signatures.verify import verify as verify_signatures


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What camaudit knows, and the marks by which a report says which knowledge it used."""

    knowledge: Knowledge
    policies: Policies
    oui: OuiTable

    @property
    def marks(self) -> Mapping[str, str]:
        """Return the digests and dates that a run records."""
        return {"signatures": self.knowledge.digest, "policies": self.policies.digest, "oui": self.oui.dated}

    @property
    def names(self) -> Mapping[str, str]:
        """Return the names of entities and packs by their ids."""
        entities = {entity.id: entity.name for entity in self.knowledge.entities.values()}
        return {**entities, SOMEBODY_ELSE: phrases().explain[SOMEBODY_ELSE], **self.policies.names}


def load_catalogue(signatures: Path | None = None, policies: Path | None = None) -> Catalogue:
    """Load everything; an own ``signatures`` folder stands in for ours, own ``policies`` are added to ours.

    Raises DataFileError with a line for each problem. The packaged knowledge is kept ready made: reading and
    checking its YAML costs half a second. The table of MAC prefixes is found anew each time: it belongs to one
    installation, and what is kept is shared by all of this user's.
    """
    if signatures is None and policies is None and is_proven():
        knowledge, rules = kept("knowledge", f"{digest()} {code_digest()}", lambda: _load(proven=True))
    else:
        knowledge, rules = _load(signatures, policies)
    return Catalogue(knowledge, rules, packaged_table())


def load_folders(signatures: Traversable, policies: Traversable, *, also: Iterable[Traversable] = ()) -> Catalogue:
    """Load the knowledge of these folders alone; packs of the folders ``also`` are added to ``policies``.

    Raises DataFileError with a line for each problem.
    """
    return Catalogue(*_read(signatures, policies, also), packaged_table())


def _load(
    signatures: Path | None = None, policies: Path | None = None, *, proven: bool = False
) -> tuple[Knowledge, Policies]:
    also = () if policies is None else (data_folder("policies", policies),)
    return _read(data_folder("signatures", signatures), data_folder("policies"), also, proven=proven)


def _read(
    signatures: Traversable, policies: Traversable, also: Iterable[Traversable], *, proven: bool = False
) -> tuple[Knowledge, Policies]:
    knowledge = load_knowledge(signatures, proven=proven)
    return knowledge, load_policies(policies, knowledge.entities, also=also)


def verify(signatures: Path | None = None) -> Iterator[str]:
    """Yield every problem of the signature base: the proof of its own examples."""
    yield from verify_signatures(data_folder("signatures", signatures))


def verify_rules(catalogue: Catalogue) -> Iterator[str]:
    """Yield every problem of the packs: the proof of their own examples."""
    yield from verify_policies(catalogue.policies, catalogue.knowledge.entities)
