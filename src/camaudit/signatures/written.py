"""Labels as devices write them: in go fields, out comes evidence of whose name stands on the unit. Pure.

What one signature cannot see: a name in front of the model that another field gives, and the names of all brands
that we know, wherever firmware writes the name of its customer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape

from camaudit.model import Evidence, Strength
from camaudit.signatures import pages
from camaudit.signatures.brandnames import known_brand, leading_brand, leading_entity, name_of
from camaudit.signatures.fields import channel_of
from camaudit.signatures.load import Knowledge, folded
from camaudit.signatures.naming import plain_name
from camaudit.signatures.recent import once
from camaudit.signatures.schema import EntityType
from camaudit.signatures.wording import is_label, is_model, label_in, of_the_trade, says_only_sorts

_MAX_EXCERPT = 120
_SHORTEST_MODEL = 3

_NAMED = {
    "wsd.name": Strength.STRONG,
    "wsd.manufacturer": Strength.STRONG,
    "onvif.manufacturer": Strength.STRONG,
    "isapi.manufacturer": Strength.STRONG,
    "lapi.manufacturer": Strength.STRONG,
    "snmp.manufacturer": Strength.STRONG,
    "dhip.vendor": Strength.STRONG,
    "dhip.manufacturer": Strength.STRONG,
    "dahua.vendor": Strength.STRONG,
    "sadp.oem_info": Strength.STRONG,
    "sadp.manufacturer": Strength.STRONG,
    "upnp.manufacturer": Strength.MEDIUM,
    "lldp.manufacturer": Strength.MEDIUM,
    "http.title": Strength.MEDIUM,
    "http.realm": Strength.MEDIUM,
    "isapi.realm": Strength.MEDIUM,
    "dahua.realm": Strength.MEDIUM,
    "rtsp.realm": Strength.MEDIUM,
}
"""Fields in which firmware carries the customer's name; owners rarely write into them."""

_MAKERS_OF_UNITS = frozenset(
    {"wsd.manufacturer", "isapi.manufacturer", "lapi.manufacturer", "snmp.manufacturer", "sadp.manufacturer"}
    | {
        "dhip.vendor",
        "dhip.manufacturer",
        "dahua.vendor",
        "sadp.oem_info",
        "upnp.manufacturer",
        "lldp.manufacturer",
    }
)
"""Of these, fields that hold nothing but a name: whatever stands there is a label, known to us or not."""

_MODELS = ("onvif.model", "wsd.hardware", "isapi.model", "upnp.model_name", "dhip.device_type", "dahua.model")
_STATED_MODELS = (*_MODELS, "sadp.device_description", "lapi.model", "tiandy.model")
"""Fields that hold the model alone; owners cannot write there."""

_WITH_MODELS = (*_STATED_MODELS, "upnp.friendly_name", "mdns.instance", "http.title")
"""Fields in which a known brand's name may stand before a model: "Amcrest IP8M-2496"."""

_GIVEN_NAMES = ("wsd.name", "upnp.friendly_name", "mdns.instance", "dhip.machine_name")
_ISAPI_NAME = re.compile(r"<device(?:Name|Description)>([^<>]{3,80})</")
"""What a unit is called: by its firmware until its owner calls it otherwise."""

_SITE = re.compile(r"(?i)\bwww\.([a-z0-9-]{2,30})\.(?:com|net|org|co\.[a-z]{2}|com\.[a-z]{2}|[a-z]{2})\b")
"""A link to a house; pages of installers link to brands too, so it is a weak sign of a label."""

_HOLDER = re.compile(r"(?:^|,) ?(?:O|OU|CN)=([^,=]{2,40})")
_LOGIN = re.compile(r"(?i)^login to ")

BEFORE_MODEL = "name-before-model"
"""The signature of a label that stands before the model which the firmware states."""

BEFORE_A_MODEL = "label-before-model"
"""The signature of the words before a model in one field, which nobody is known by."""

TRADE_NAME = "name-of-the-trade"
"""The signature of a unit's name that ends as houses of this trade do: "Acme Security"."""

LOOSE = frozenset(f"label-in-{place}" for place in ("title", "rights", "variable", "logo"))
LOOSE |= {TRADE_NAME, BEFORE_A_MODEL}
"""Signs of labels that nobody knows, in places where other words stand too: see ``branding``."""


def labels_in(fields: Mapping[str, tuple[str, ...]], knowledge: Knowledge) -> Iterator[Evidence]:
    """Yield each label that the device writes: a known brand's name, or whatever stands in front of its model."""
    for names, read in _READ:
        for name in names:
            if name in fields:
                yield from once(read, name, fields[name], knowledge)
    yield from _before_models(fields, knowledge)


def _by_name(name: str, values: tuple[str, ...], knowledge: Knowledge) -> Iterator[Evidence]:
    for value in values:
        brand = known_brand(_LOGIN.sub("", value), knowledge)
        if brand is not None:
            yield _evidence("brand-by-its-name", name, value, brand, _NAMED[name])
        elif name in _MAKERS_OF_UNITS and (label := label_in(plain_name(value))):
            yield _evidence("label-as-maker", name, value, label, Strength.MEDIUM)


def _leading_names(name: str, values: tuple[str, ...], knowledge: Knowledge) -> Iterator[Evidence]:
    for value in values:
        brand = leading_brand(value, knowledge)
        if brand is not None:
            yield _evidence("brand-before-model", name, value, brand, Strength.MEDIUM)
        elif name in _STATED_MODELS and (label := _leading_label(value)):
            yield _evidence(BEFORE_A_MODEL, name, value, label, Strength.MEDIUM)


def _of_certificates(name: str, values: tuple[str, ...], knowledge: Knowledge) -> Iterator[Evidence]:
    for value in values:
        for holder in _HOLDER.findall(value[:_MAX_EXCERPT]):
            brand = known_brand(holder, knowledge)
            if brand is not None:
                yield _evidence("brand-by-its-name", name, value, brand, Strength.MEDIUM)


def _before_models(fields: Mapping[str, tuple[str, ...]], knowledge: Knowledge) -> Iterator[Evidence]:
    """Yield what stands before the model in the unit's name, or a brand's name where the model is only "IPC"."""
    models = [value for name in _STATED_MODELS for value in fields.get(name, ())]
    names = [(name, value) for name in _GIVEN_NAMES for value in fields.get(name, ())]
    names += [
        ("isapi.body", unescape(each))
        for value in fields.get("isapi.body", ())
        for each in _ISAPI_NAME.findall(value)
    ]
    unnumbered = bool(models) and all(map(says_only_sorts, models))
    for name, value in names:
        brand = known_brand(value, knowledge) if unnumbered and name == "isapi.body" else None
        if brand is not None:
            yield _evidence("brand-by-its-name", name, value, brand, Strength.MEDIUM)
        if name == "wsd.name" and of_the_trade(value):
            yield _evidence(TRADE_NAME, name, value, value, Strength.WEAK)
        for label in dict.fromkeys(filter(None, (_before(value, model) for model in models))):
            yield _evidence(BEFORE_MODEL, name, value, label, Strength.MEDIUM)


def _in_titles(name: str, values: tuple[str, ...], knowledge: Knowledge) -> Iterator[Evidence]:
    for value in values:
        # A model is no label, nor is the name of a page: known brands were found by their names.
        label = label_in(value)
        names = not any(c.isdigit() for c in label) and not label.islower()
        if known_brand(value, knowledge) is None and names:
            yield from _on_page("title", name, value, value, knowledge)


def _in_pages(name: str, values: tuple[str, ...], knowledge: Knowledge) -> Iterator[Evidence]:
    """Yield whose work a page says that it is: of a brand, or of the maker, whose label it then carries."""
    for value in values:
        for line, told in pages.rights(value):
            holder = leading_entity(told, knowledge, model=False)
            if holder is not None and knowledge.entities[holder].type is not EntityType.SOFTWARE:
                yield _evidence("brand-in-rights", name, line, knowledge.entities[holder].name, Strength.MEDIUM)
        for place, found in _PLACES_ON_PAGES:
            for line, told in found(value):
                yield from _on_page(place, name, line, told, knowledge)
        for site in dict.fromkeys(_SITE.findall(value[: pages.MAX_PAGE])):
            entity = knowledge.entity_named(site)
            brand = name_of(entity, knowledge)
            if entity is not None and brand is not None and knowledge.entities[entity].type is EntityType.BRAND:
                yield _evidence("brand-by-its-site", name, f"www.{site}", brand, Strength.WEAK)


_READ = (
    (tuple(_NAMED), _by_name),
    (_WITH_MODELS, _leading_names),
    (("http.title",), _in_titles),
    (("http.body", "isapi.login_page"), _in_pages),
    (("tls.subject",), _of_certificates),
)
"""Fields and what reads them, each by itself."""

_PLACES_ON_PAGES = (("rights", pages.holders), ("variable", pages.variables), ("logo", pages.logos))


def _on_page(place: str, name: str, line: str, told: str, knowledge: Knowledge) -> Iterator[Evidence]:
    brand, label = known_brand(told, knowledge), label_in(plain_name(told))
    if brand is not None:
        yield _evidence(f"brand-in-{place}", name, line, brand, Strength.MEDIUM)
    elif label:
        yield _evidence(f"label-in-{place}", name, line, label, Strength.WEAK)


def _leading_label(value: str) -> str:
    """Return the words before the one model that a text ends with: "Acme Security NV-4000X" is "Acme Security"."""
    before, _, last = value[:_MAX_EXCERPT].strip().rpartition(" ")
    return before if before and is_model(last) and label_in(before) == before and before.isascii() else ""


def _before(value: str, model: str) -> str:
    """Return what stands before the model in a name, where that can be a label: "ANNKE I91BN" is "ANNKE".

    An owner who renames a unit ("Front door") does not write its model behind the name.
    """
    short = value[:_MAX_EXCERPT].replace("_", " ").strip().lower()
    known = model.replace("_", " ").strip().lower()
    start = short.find(f" {known}")
    ends = short[start + 1 + len(known) :]
    if len(known) < _SHORTEST_MODEL or start < 0 or (ends and not ends.startswith((" - ", " (", "-"))):
        return ""
    label = value[:_MAX_EXCERPT].replace("_", " ").strip()[:start].strip(" -")
    return label if is_label(label) and folded(label) not in folded(known) else ""


def _evidence(signature: str, field: str, value: str, brand: str, strength: Strength) -> Evidence:
    return Evidence(
        signature=signature,
        claim="brand=as written",
        channel=channel_of(field),
        field=field,
        weight=0.0,
        excerpt=value[:_MAX_EXCERPT],
        strength=strength,
        basis="expert",
        source="our list of brands and the names they use",
        extracted={"brand": brand},
        note="Whose label the unit carries; it says nothing of who built it.",
    )
