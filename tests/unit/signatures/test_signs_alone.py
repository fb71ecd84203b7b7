"""Each sign of the knowledge base where a unit shows nothing else: identified without fail, and for its maker."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wire_text import catalogue

from camaudit.identify import identify
from camaudit.model import Certainty, Identification, Strength
from camaudit.signatures.match import match
from camaudit.signatures.schema import EntityType, Says
from camaudit.signatures.sign import Sign

KNOWLEDGE = catalogue().knowledge
TOO_COMMON = {"geovision-http-title", "geovision-mac-vendor"}
"""Seen on too many units of others to name anybody alone, by what their sources say."""


def said(sign: Sign, text: str) -> Identification:
    fields = {sign.signature.reads: (text,)}
    return identify(fields, match(fields, KNOWLEDGE), KNOWLEDGE)


@pytest.mark.parametrize("maker", sorted({sign.maker for sign in KNOWLEDGE.signatures}))
def test_every_sign_alone_names_nobody_but_its_maker_and_never_surely_by_a_name(maker: str) -> None:
    builds = KNOWLEDGE.entities[maker].type is EntityType.MAKER
    for sign in (each for each in KNOWLEDGE.signatures if each.maker == maker):
        its = sign.signature
        for example in its.examples:
            found = said(sign, example.text)
            if its.says is not Says.MAKER:
                continue
            assert found.maker in (None, maker), (its.id, example.text)
            if builds and its.strength is not Strength.WEAK and its.id not in TOO_COMMON:
                assert found.maker == maker, (its.id, example.text)
            if its.strength is not Strength.DECISIVE:
                assert found.certainty in (Certainty.UNKNOWN, Certainty.POSSIBLE), (its.id, example.text)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(KNOWLEDGE.signatures), min_size=2, max_size=6))
def test_signs_of_several_makers_together_are_identified_without_fail(signs: list[Sign]) -> None:
    fields: dict[str, tuple[str, ...]] = {}
    for sign in signs:
        texts = (*fields.get(sign.signature.reads, ()), sign.signature.examples[0].text)
        fields[sign.signature.reads] = tuple(dict.fromkeys(texts))
    found = identify(fields, match(fields, KNOWLEDGE), KNOWLEDGE)
    assert 0.0 <= found.confidence <= 1.0
    assert found.maker is None or KNOWLEDGE.entities[found.maker].type is EntityType.MAKER
