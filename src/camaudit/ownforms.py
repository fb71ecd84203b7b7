"""Models as a maker numbers its own, and as its customers number theirs: in go evidence and brands, pure."""

from __future__ import annotations

import re

from camaudit.labels import value_of
from camaudit.model import Evidence
from camaudit.signatures.load import Knowledge
from camaudit.signatures.schema import Says
from camaudit.signatures.wording import after_sorts, is_model

MODEL_FIELDS = frozenset({"onvif.model", "wsd.hardware", "isapi.model", "dhip.device_type", "dahua.model"})
MODEL_TEXTS = MODEL_FIELDS.union(
    ("sadp.device_description", "upnp.model_name", "upnp.model_number", "dahua.body", "lapi.model", "tiandy.model")
)
_REALM = re.compile(r'realm="([^"]{1,64})"')
_MODEL_FIRST = re.compile(r"([A-Z][A-Za-z0-9()/_.+-]{2,40}?)20\d\d[01]\d[0-3]\d[A-Z]{2}")
"""A serial number that begins with the model, and goes on with the day on which the unit was made; the
number of channels may stand between."""

_SHORTEST = 6
"""Shorter models are too like those of others to name a brand by themselves."""

_OWN_FORM = ("maker=", "kind=")


def has_own_model(evidence: tuple[Evidence, ...], maker: str, knowledge: Knowledge) -> bool:
    """Say whether a model of the unit has a form that the maker gives to what it sells under its own name.

    Where it has none, the maker's name is no more than what the firmware came with: whose label is on it is open.
    """
    ours = (item for item in evidence if knowledge.maker_of_signature.get(item.signature) == maker)
    told = (item for item in ours if item.field in MODEL_TEXTS)
    return any(i.claim.startswith(_OWN_FORM) or knowledge.brand_of_signature(i.signature) == maker for i in told)


def has_own_number_form(evidence: tuple[Evidence, ...], maker: str, knowledge: Knowledge) -> bool:
    """Say whether a model that the unit states is numbered as the maker numbers its own, in whatever field."""
    models = {item.extracted["model"] for item in evidence if item.extracted.get("model")}
    forms = [
        sign
        for sign in knowledge.by_field.get("onvif.model", ())
        if sign.maker == maker and sign.signature.says is Says.MAKER and sign.signature.brand in (None, maker)
    ]
    named = {model for model in models if knowledge.brand_of_model(model, maker) is None}
    return any(sign.search(model) for sign in forms for model in named)


def brand_by_models(items: tuple[Evidence, ...], knowledge: Knowledge, maker: str) -> str | None:
    """Return the brand whose model the unit states, or has as its realm or at the head of its serial number."""
    stated = [i.extracted["model"] for i in items if i.field in MODEL_TEXTS and "model" in i.extracted]
    serials = (i.extracted["serial"] for i in items if "serial" in i.extracted)
    first = [found[1] for serial in serials if (found := _MODEL_FIRST.match(serial))]
    stated += [*first, *(model[:-2] for model in first if model[-2:].isdigit())]
    stated += [realm for item in items if item.field.endswith(".auth") for realm in _REALM.findall(item.excerpt)]
    for model in dict.fromkeys(filter(None, (value_of(items, "model"), *stated))):
        last = model.rpartition(" ")[2]
        for text in (model, after_sorts(model), last if is_model(last) else ""):
            brand = knowledge.brand_of_model(text, maker) if text else None
            if brand is not None:
                return brand
    return None


def brand_by_model_alone(items: tuple[Evidence, ...], knowledge: Knowledge) -> str | None:
    """Return the brand whose model the unit states, where nothing shows a maker and no other brand numbers so."""
    for item in items:
        model = item.extracted.get("model", "") if item.field in MODEL_FIELDS else ""
        brands = knowledge.brands_numbering(model) if len(model) >= _SHORTEST else frozenset()
        if len(brands) == 1:
            return next(iter(brands))
    return None


def known_builder(brand: str, knowledge: Knowledge, model: str | None = None) -> str | None:
    """Return who builds what carries a label, where our list is sure of one maker and knows of no other.

    Where several build for it, the line that a ``model`` belongs to may still be one maker's.
    """
    entry, entity = knowledge.oem.get(brand), knowledge.entities.get(brand)
    lines = [row for row in entry.made_by if row.models and row.strength != "low"] if entry and model else []
    of_line = {row.maker for row in lines if any(re.match(form, model or "") for form in row.models)}
    if len(of_line) == 1:
        return of_line.pop()
    if entry is None or entity is None or any(owner.until is not None for owner in entity.owned_by):
        return None
    makers = {row.maker for row in entry.made_by}
    sure = any(row.strength == "high" and not row.models and row.until is None for row in entry.made_by)
    return makers.pop() if sure and len(makers) == 1 else None
