"""The shipped knowledge base: every example of every signature, and the habits that no single one can break."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from corpus import form
from corpus.replay import observations

from camaudit.resources import data_folder, yaml_files
from camaudit.signatures.fields import FIELDS
from camaudit.signatures.load import load_knowledge
from camaudit.signatures.needed import needed_texts
from camaudit.signatures.patterns import needed_text
from camaudit.signatures.schema import EntityType, Says
from camaudit.signatures.sign import MAX_INPUT_CHARS, Readers, Sign
from camaudit.signatures.verify import verify

DATA = data_folder("signatures")
KNOWLEDGE = load_knowledge(DATA)
SIGNS = {sign.signature.id: sign for sign in KNOWLEDGE.signatures}
EXAMPLES = [
    pytest.param(sign, example.text, example.extracts or {}, id=f"{sign.signature.id}-{number}")
    for sign in KNOWLEDGE.signatures
    for number, example in enumerate(sign.signature.examples)
]
MAKER_IDS = (
    "hikvision dahua huawei hisilicon zte hytera uniview tiandy tvt xiongmai longse kedacom sunell jovision",
    "raysharp reolink tp-link foscam axis hanwha bosch i-pro vivotek mobotix avigilon pelco arecont sony canon",
    "ubiquiti d-link geovision acti dynacolor verkada",
)
BRAND_IDS = ("ezviz hilook hiwatch imou lts annke abus alibi luma interlogix amcrest lorex intelbras cp-plus",)
GENERIC_SERVERS = (
    *("GoAhead-Webs", "Boa/0.94.14rc21", "thttpd/2.25b", "mini_httpd/1.19", "webs", "Webs", "webserver"),
    *("nginx", "lighttpd/1.4.35", "Apache", "Microsoft-IIS/10.0"),
)


def test_the_knowledge_base_has_no_problem() -> None:
    assert verify(DATA) == ()


@pytest.mark.parametrize(("sign", "text", "extracts"), EXAMPLES)
def test_example_matches_and_extracts(sign: Sign, text: str, extracts: dict[str, str]) -> None:
    found = sign.search(text)
    assert found is not None
    assert {name: value for name, value in found.groupdict().items() if value is not None} == extracts


@pytest.mark.parametrize("maker", " ".join(MAKER_IDS).split())
def test_ids_of_the_contract_are_makers(maker: str) -> None:
    assert KNOWLEDGE.entities[maker].type is EntityType.MAKER


@pytest.mark.parametrize("brand", " ".join(BRAND_IDS).split())
def test_brands_are_no_makers(brand: str) -> None:
    assert KNOWLEDGE.entities[brand].type is EntityType.BRAND


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("CP_PLUS", "cp-plus"),
        ("CPPlus", "cp-plus"),
        ("HIKVISION", "hikvision"),
        ("Lorex Technology", "lorex"),
        ("truVision", "interlogix"),
        ("General", None),
    ],
)
def test_names_are_found_as_devices_write_them(text: str, entity: str | None) -> None:
    assert KNOWLEDGE.entity_named(text) == entity


def test_every_owner_of_prefixes_has_its_signs() -> None:
    signs = {sign.pattern.pattern: sign for sign in KNOWLEDGE.by_field["mac.vendor"]}
    read = [sign.pattern for sign in signs.values()]
    for entity in KNOWLEDGE.entities.values():
        for organisation in entity.organisations:
            if "hikrobot" in organisation:
                continue  # machine vision and storage: theirs are no cameras
            words = re.sub(r"\(\?i\)|\^|\[ -\]\?|-\?|\(\?:|\)", "", organisation).split("|")[0]
            assert organisation in signs or any(pattern.search(words) for pattern in read), entity.id


def test_prefixes_are_never_strong() -> None:
    makers = [
        s
        for s in KNOWLEDGE.signatures
        if s.signature.reads.endswith("mac_vendor") or s.signature.reads == "mac.vendor"
    ]
    assert {str(s.signature.strength) for s in makers if s.signature.says is Says.MAKER} <= {"weak", "medium"}


@pytest.mark.parametrize(
    ("field", "text", "allowed"),
    [
        ("rtsp.sdp", "a=Media_header:MEDIAINFO=494D4B48010100000400;", "weak"),
        ("rtsp.server", "Rtsp Server/2.0", "weak"),
        ("rtsp.server", "Rtsp Server/3.0", "medium"),
        ("rtsp.headers", "x-Accept-Dynamic-Rate: 1", "weak"),
    ],
)
def test_copied_banners_stay_within_their_strength(field: str, text: str, allowed: str) -> None:
    spoke = [s.signature for s in KNOWLEDGE.by_field[field] if s.signature.says is Says.MAKER and s.search(text)]
    assert {str(signature.strength) for signature in spoke} == {allowed}


@pytest.mark.parametrize("server", GENERIC_SERVERS)
def test_generic_servers_name_nobody(server: str) -> None:
    spoke = [s.signature for s in KNOWLEDGE.by_field["http.server"] if s.search(server)]
    assert [signature.id for signature in spoke if signature.says in (Says.MAKER, Says.BRAND)] == []


def test_strange_spelling_of_false_is_read_as_false() -> None:
    spoke = {s.signature.state for s in KNOWLEDGE.by_field["sadp.hc_platform_enable"] if s.search("flase")}
    assert spoke == {"cloud_disabled"}


def test_every_vendor_file_is_named_after_its_maker() -> None:
    for file in yaml_files(DATA / "vendors"):
        assert f"\nmaker: {file.name.removesuffix('.yaml')}\n" in file.read_text("utf-8").replace("'", ""), (
            file.name
        )


def hostile_texts(sign: Sign) -> Iterator[str]:
    """Texts that make a sloppy pattern try again and again: pieces of what it wants, for ever."""
    seeds = [example.text for example in sign.signature.examples] + ["a", "0", " ", "A-", "1.", "a=", "/"]
    for seed in seeds:
        for piece in (seed, seed[: max(1, len(seed) // 2)], seed[:-1] or seed):
            yield (piece * (MAX_INPUT_CHARS // len(piece) + 1))[: MAX_INPUT_CHARS - 1] + "\x00"


def test_no_pattern_stalls_on_hostile_text() -> None:
    slow = {}
    for sign in KNOWLEDGE.signatures:
        for text in hostile_texts(sign):
            started = time.perf_counter()
            sign.search(text)
            took_s = time.perf_counter() - started
            if took_s > 0.2:
                slow[sign.signature.id] = took_s
    assert slow == {}


def test_readme_lists_every_field() -> None:
    _, _, readme = (DATA / "README.md").read_text("utf-8").partition("\n## Fields\n")
    rows = re.findall(r"^\| `([a-z]+\.[a-z0-9_]+)` \| (.+) \|$", readme, re.MULTILINE)
    assert dict(rows) == FIELDS


def test_what_a_pattern_needs_stands_in_everything_that_it_matches() -> None:
    """The text looked for first may never hide a match: shown on every example and on what was recorded."""
    needing = [sign for sign in KNOWLEDGE.signatures if sign.needs]
    assert len(needing) > 0.9 * len(KNOWLEDGE.signatures)
    for sign in needing:
        for example in sign.signature.examples:
            assert any(text in example.text.lower() for text in sign.needs), sign.signature.id
    texts = {
        (name, value)
        for recording in form.load(KNOWLEDGE)
        for seen in observations(recording)
        for name, values in seen.fields.items()
        for value in values
    }
    for name, text in texts:
        signs = KNOWLEDGE.by_field.get(name, ())
        asked = KNOWLEDGE.readers_of(name, (text,))
        assert [s for s in asked if s.search(text)] == [s for s in signs if s.search(text)], (name, text)


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        ("^App-webs/", "app-webs/"),
        ("(?i)^Hik-?Vision", "vision"),
        ("a|b", ""),
        (r"^Login to (?P<serial>[0-9A-Z]{7})$", "login to "),
        (r"(?s)^(?=.*one).*two", "two"),
        (r"Server\.x+y", "server.x"),
        ("ab{2}cd", "cd"),
        (r"[|(]name\b\d", "name"),
        ("(?x) a b c", ""),
        (r"x(?:a|b)longer", "longer"),
    ],
)
def test_the_needed_text_of_a_pattern(pattern: str, needed: str) -> None:
    assert needed_text(pattern) == needed


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        ("^App-webs/", ("app-webs/",)),
        ("(?i)(?:^|,) ?OU?=(?:airlive)(?![a-z])", ("=airlive",)),
        ("(?i)(?:^|,)CN=[0-9]", ("cn=",)),
        ("(?i)Basler AG|MOBOTIX", ("basler ag", "mobotix")),
        ("(?i)^(?:anjvision|anpviz)(?![a-z])", ("jvision", "pviz")),
        ("ab|c?", ()),
        ("(?:ab|[cd])efg(?:h|i)", ("efg",)),
        (r"^(?P<model>AV\d{4,5}[A-Z]{0,6})$", ("av",)),
        ("(?x) a b c", ("abc",)),
        (r"(?:xyz){2,3}\d|q\br", ("xyz", "qr")),
        (r"(?:xyz)?\d", ()),
        (r"(?>abc|de)\d", ("abc", "de")),
        ("\u212aamera", ("amera",)),
        ("|".join(f"{n:03}" for n in range(100, 200)), ("1",)),
    ],
)
def test_the_texts_of_which_a_pattern_needs_one(pattern: str, needed: tuple[str, ...]) -> None:
    assert needed_texts(pattern) == needed


@pytest.mark.parametrize("field", ["http.realm", "tls.subject", "rtsp.sdp", "wsd.hardware"])
def test_no_sign_that_matches_is_left_out(field: str) -> None:
    signs = KNOWLEDGE.by_field[field]
    readers = Readers(signs)
    examples = [example.text for sign in signs for example in sign.signature.examples]
    for text in ("", "ax", *examples, f"{'x' * 2000}{examples[0]}", *(each.upper() for each in examples)):
        asked = readers.of((text,))
        assert [sign for sign in signs if sign.search(text)] == [sign for sign in asked if sign.search(text)]
        assert len(asked) < len(signs) / 4 or len(text) > 500 or not text.isascii(), text


def test_letters_outside_ascii_are_searched_in_full() -> None:
    sign = Sign("nobody", replace(KNOWLEDGE.signatures[0].signature, pattern="(?i)kamera"))
    readers = Readers((sign,))
    assert readers.of(("\u212aamera",)) == readers.of(("a Kamera",)) == (sign,)
    assert readers.of(("amera",)) == ()
