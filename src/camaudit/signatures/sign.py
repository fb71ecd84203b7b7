"""A signature ready to use, and the table of which signs read which field. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from types import MappingProxyType

from camaudit.model import Strength
from camaudit.signatures.fields import channel_of
from camaudit.signatures.needed import needed_texts
from camaudit.signatures.owners import READ_ALIKE
from camaudit.signatures.schema import Says, Signature

MAX_INPUT_CHARS = 8192
"""What a pattern sees of a text at most; a device may send far more."""

_BEGINNING = 3
"""Characters by which a needed text is looked up."""

# Shares set by hand weigh little: the recordings that bear them out come mostly from what they were written from.
_CLAMP = {"expert": math.log(100), "vendor_doc": math.log(1000), "corpus": math.log(1000)}
_CLAMP_DECISIVE = math.log(1000)


@dataclass(frozen=True)
class Sign:
    """A signature ready to use, and whose file it stands in."""

    maker: str
    signature: Signature

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Return the compiled pattern; most signs of a base are never asked in a run."""
        return re.compile(self.signature.pattern)

    @cached_property
    def place(self) -> tuple[str, str]:
        """Return the maker and the channel that a hit or a miss of this sign speaks for."""
        return self.maker, channel_of(self.signature.reads)

    @cached_property
    def claim(self) -> str:
        """Return what a match claims, as evidence writes it: ``maker=axis``."""
        signature = self.signature
        match signature.says:
            case Says.MAKER:
                return f"maker={self.maker}"
            case Says.BRAND:
                return f"brand={signature.brand or 'as written'}"
            case Says.KIND:
                return f"kind={signature.kind}"
            case Says.STATE:
                return f"state={signature.state}"
            case _:
                return str(signature.says)

    @cached_property
    def needs(self) -> tuple[str, ...]:
        """Return texts in small letters; in ASCII that holds none of them nothing matches. Empty: none is sure."""
        return needed_texts(self.signature.pattern)

    @cached_property
    def hit(self) -> float:
        """Return the log-odds that a match adds."""
        signature = self.signature
        clamp = _CLAMP_DECISIVE if signature.strength is Strength.DECISIVE else _CLAMP[signature.basis]
        return min(math.log(signature.seen_in / max(signature.seen_in_others, 1e-6)), clamp)

    @cached_property
    def miss(self) -> float:
        """Return the log-odds (below 0) where the field was read and nothing matched."""
        signature = self.signature
        weight = math.log((1 - min(signature.seen_in, 0.999)) / (1 - signature.seen_in_others))
        return max(weight, -_CLAMP[signature.basis])

    def search(self, text: str) -> re.Match[str] | None:
        """Return where the pattern matches in the first ``MAX_INPUT_CHARS`` characters of ``text``."""
        return self.pattern.search(text[:MAX_INPUT_CHARS])


class Readers:
    """The signs that read one field, found by the texts that they need: most are left out without a search.

    In a short text it is quicker to look which needed texts begin as something in it does, in a long one to look
    for each.
    """

    def __init__(self, signs: tuple[Sign, ...]) -> None:
        self._signs = signs
        self._needed: dict[str, list[int]] = {}
        self._beginning: dict[str, list[str]] = {}
        for place, sign in enumerate(signs):
            for text in sign.needs:
                self._needed.setdefault(text, []).append(place)
        for text in self._needed:
            self._beginning.setdefault(text[:_BEGINNING], []).append(text)
        self._tiny = [text for text in self._needed if len(text) < _BEGINNING]
        self._always = frozenset(place for place, sign in enumerate(signs) if not sign.needs)

    def of(self, texts: tuple[str, ...]) -> tuple[Sign, ...]:
        """Return the signs that may match one of ``texts``, in their order."""
        # Outside ASCII a pattern that ignores case may match letters whose small form is another one.
        if not all(map(str.isascii, texts)):
            return self._signs
        small = "\n".join(texts).lower()
        places = set(self._always)
        for text in self._that_may_stand_in(small):
            if text in small:
                places.update(self._needed[text])
        return tuple(self._signs[place] for place in sorted(places))

    def _that_may_stand_in(self, small: str) -> Iterable[str]:
        if len(small) > len(self._needed):
            return self._needed
        beginnings = {small[at : at + _BEGINNING] for at in range(len(small) - _BEGINNING + 1)}
        begun = self._beginning.keys() & beginnings
        return chain(self._tiny, *(self._beginning[beginning] for beginning in begun))


def by_field(signs: tuple[Sign, ...]) -> Mapping[str, tuple[Sign, ...]]:
    """Return the signs that read each field, those on the owner of a MAC address wherever one is given."""
    table: dict[str, list[Sign]] = {}
    for sign in signs:
        table.setdefault(sign.signature.reads, []).append(sign)
    owners = [sign for sign in table.get("mac.vendor", ()) if sign.signature.says is Says.MAKER]
    labels = [sign for sign in table.get("mac.vendor", ()) if sign.signature.says is Says.BRAND]
    for field in READ_ALIKE:
        known = {sign.maker for sign in table.get(field, ()) if sign.signature.says is Says.MAKER}
        alike = [sign for sign in owners if sign.maker not in known]
        table.setdefault(field, []).extend(
            Sign(one.maker, replace(one.signature, reads=field)) for one in (*alike, *labels)
        )
    return MappingProxyType({name: tuple(found) for name, found in table.items()})


def mildest_misses(table: Mapping[str, tuple[Sign, ...]]) -> Mapping[str, Mapping[str, float]]:
    """Return for each field and maker what it says against the maker that none of its signs there matched."""
    found: dict[str, dict[str, float]] = {}
    for field, signs in table.items():
        against = found.setdefault(field, {})
        for sign in signs:
            if sign.signature.says is Says.MAKER:
                against[sign.maker] = max(against.get(sign.maker, -math.inf), sign.miss)
    return found
