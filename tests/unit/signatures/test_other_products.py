"""What thousands of other products answer, as nmap's list of services has it: none of them gets a restricted name.

The list is nmap's own file, read where nmap is installed; nothing of it is kept here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sampled import Sampler
from wire_text import SURE, catalogue

from camaudit.identify import identify
from camaudit.model import Identification
from camaudit.probes import http, rtsp
from camaudit.probes.message import read
from camaudit.probes.text import bounded
from camaudit.signatures.match import match

LISTS = tuple(Path(each) / "nmap" / "nmap-service-probes" for each in ("/usr/share", "/usr/local/share"))
LINE = re.compile(r"(?:soft)?match [\w/-]+ m(.)(.*?)\1[is]*\s*(.*)")
KNOWLEDGE = catalogue().knowledge

SOLD_AS = {
    "dahua": ("dahua", "amcrest", "intelbras", "adt home", "lorex", "cp plus"),
    "hikvision": ("hikvision", "hik-connect", "ezviz", "prama"),
    "tvt": ("tvt", "cross dvr", "cross web"),
    "xiongmai": ("xiongmai", "h264dvr", "netsurveillance"),
    "tp-link": ("tp-link", "tapo"),
}
"""The makers that rules restrict, by the names under which the list has what they built."""


@dataclass(frozen=True, slots=True)
class Product:
    """One product of the list: what it is, in nmap's words, and an answer of it."""

    what: str
    answer: str


def products(seed: int = 1) -> Iterator[Product]:
    sampler = Sampler(seed)
    file = next(each for each in LISTS if each.exists())
    for line in file.read_text(encoding="latin-1").splitlines():
        found = LINE.fullmatch(line)
        if found is None:
            continue
        try:
            text = sampler.text(found[2])
        except re.error:  # nmap's patterns are of another dialect
            continue
        if text.startswith(("HTTP/1", "RTSP/1")):
            yield Product(found[3], whole(text))


def whole(answer: str) -> str:
    """Return the answer with its head closed before its page begins, where the list left that out."""
    page = answer.find("<")
    if page > 0 and "\r\n\r\n" not in answer[:page] and not answer[:page].endswith("="):
        answer = f"{answer[:page].rstrip('a')}\r\n\r\n{answer[page:]}"
    return answer if "\r\n\r\n" in answer else f"{answer}\r\n\r\n"


def identified(answer: str) -> Identification | None:
    message = read(answer.encode("utf-8", "replace"))
    if message is None:
        return None
    if answer.startswith("RTSP"):
        fields = bounded({**rtsp.options_fields(message), **rtsp.describe_fields(message)})
    else:
        fields = bounded(http.page_fields(message))
    return identify(fields, match(fields, KNOWLEDGE), KNOWLEDGE)


# The list is under a licence of its own, so it is not kept here: where nmap is, its own file is read.
@pytest.mark.skipif(not any(each.exists() for each in LISTS), reason="nmap is not installed")
def test_no_other_product_is_named_after_a_maker_that_rules_restrict() -> None:
    seen, wrong = 0, []
    for product in products():
        found = identified(product.answer)
        seen += found is not None
        if found is None or found.maker is None:
            continue
        assert found.certainty not in SURE, product
        maker = KNOWLEDGE.entities[found.maker]
        if maker.prc_law == "subject" and not any(
            name in product.what.lower() for name in SOLD_AS.get(maker.id, (maker.id,))
        ):
            wrong.append((maker.id, product))
    assert seen > 3000
    assert wrong == []
