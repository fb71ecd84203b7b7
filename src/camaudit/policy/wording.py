"""The words of a finding: names filled into the sentences of a pack, and the question for each unknown.

In go a device, its site and the entities, out come plain sentences. What a device says of itself is filled in once
and never read as a template.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from camaudit.model import Certainty, Device, Kind, Site
from camaudit.policy.conditions import Condition, site_words
from camaudit.policy.facts import question_about
from camaudit.policy.schema import RuleForm
from camaudit.policy.words import TERMINAL, About, possible_makers
from camaudit.signatures.schema import Entity

PLACEHOLDERS = ("device", "maker", "brand", "site")
"""All that a sentence of a pack may leave open."""

_HOLE = re.compile(r"\{(device|maker|brand|site)\}")
_MAX_NAME = 60

_CALLED = {
    Kind.CAMERA: "camera",
    Kind.RECORDER: "recorder",
    Kind.DOOR_STATION: "door station",
    Kind.ENCODER: "encoder",
    Kind.OTHER: "unit",
    Kind.UNKNOWN: "video unit",
}

_TERMINAL_REASON = (
    "This {device} was made by {maker}. It opens a door and has a camera to see who stands there; whether the "
    "text behind this rule means such a unit is not settled."
)
_TERMINAL_QUESTION = (
    "Does this rule mean a terminal for access control with a camera? Ask those who apply it, and tell them what "
    "its pictures are used for and whether they are kept."
)

_LABEL = "Read the maker and the model off the label on the unit, or ask the supplier in writing who built it."


def _shown(text: str) -> str:
    """Return a name as one short line; a device or a file may hold anything."""
    clean = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(clean.split())[:_MAX_NAME]


@dataclass(frozen=True, slots=True)
class Wording:
    """The names that one device's findings speak in."""

    device: Device
    site: Site
    entities: Mapping[str, Entity]

    def fill(self, sentence: str) -> str:
        """Put the names into a sentence, each once: a name that looks like a placeholder stays as it is."""
        names = {"device": self.called, "maker": self.maker, "brand": self.brand, "site": self.site_name}
        return _HOLE.sub(lambda hole: names[hole.group(1)], sentence).strip()

    def grounds(self, condition: Condition) -> str:
        """Say by which lines of the site file a rule binds this site; empty where it is for every site."""
        said = []
        for ask in site_words(condition):
            match ask.word:
                case "jurisdiction":
                    said.append(f"jurisdiction: {_shown(self.site.jurisdiction)}")
                case "site_kind":
                    said.append(f"kind: {_shown(self.site.kind)}")
                case "fact" if self.site.facts.get(ask.argument[0]) is not None:
                    said.append(f"{ask.argument[0]}: {str(self.site.facts[ask.argument[0]]).lower()}")
        return f"It binds this site, for site.yaml says {', '.join(dict.fromkeys(said))}." if said else ""

    @property
    def called(self) -> str:
        """Return what the device is, in a word."""
        found = self.device.identification
        return "access terminal" if found.state.access_terminal else _CALLED[found.kind]

    @property
    def brand(self) -> str:
        """Return the name on the label, as far as it is known."""
        identification = self.device.identification
        name = identification.brand_name or (self._name(identification.brand) if identification.brand else "")
        return _shown(name) or "an unknown name"

    @property
    def maker(self) -> str:
        """Return who built it, and the other name it is sold under; no guess passes as known."""
        identification = self.device.identification
        if identification.maker is None or identification.certainty is Certainty.UNKNOWN:
            return "an unknown maker"
        name = self._name(identification.maker)
        if identification.certainty is Certainty.POSSIBLE:
            return f"possibly {name}"
        other = identification.brand is not None and identification.brand != identification.maker
        return f"{name} (sold as {self.brand})" if other else name

    @property
    def site_name(self) -> str:
        """Return the name of the site."""
        return _shown(self.site.name) or "this site"

    def reason_for(self, about: About, name: str, form: RuleForm) -> str:
        """Say why a rule cannot be settled."""
        match about:
            case About.MAKER:
                return f"{self._doubt()} {form.reason.uncertain}"
            case About.STANDING if name == TERMINAL:
                return _TERMINAL_REASON
            case About.STANDING:
                return "It is disputed, or was never settled, whether this rule means what {maker} makes."
            case About.KIND:
                return "What kind of device this is could not be told."
            case About.SITE:
                return form.reason.review or "Whether this rule is broken hangs on something a scan cannot see."
            case About.STATE:
                return "The {device} did not say what state it is in."

    def question_for(self, about: About, name: str, form: RuleForm) -> str:
        """Return the question that settles one unknown, in the pack's words where it has its own."""
        key = name if about is About.SITE else about.value
        if key in form.questions:
            return form.questions[key]
        match about:
            case About.SITE:
                return question_about(name)
            case About.STANDING if name == TERMINAL:
                return _TERMINAL_QUESTION
            case About.STANDING:
                return "Does this rule mean {maker}: where is it seated, who owns it? Ask those who apply it."
            case About.MAKER:
                return f"Who built this {{device}}? {_shown_step(self.device.identification.next_step) or _LABEL}"
            case About.KIND | About.STATE:
                return (
                    _shown_step(self.device.identification.next_step)
                    or "What is it, and how is it set up? Look at it."
                )

    def _doubt(self) -> str:
        names = [self._name(maker) for maker in possible_makers(self.device.identification)]
        if not names:
            return "Who built this {device} is not known."
        return f"Who built this {{device}} is not certain: it may be {' or '.join(names)}."

    def _name(self, entity_id: str) -> str:
        entity = self.entities.get(entity_id)
        return entity.name if entity else _shown(entity_id)


def _shown_step(text: str) -> str:
    clean = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(clean.split())[:300]
