"""Single replies of Dahua's own units, and replies that resemble them: named by their form, or not at all."""

from __future__ import annotations

import pytest
from wire_text import catalogue

from camaudit.identify import identify
from camaudit.model import Identification, Relation
from camaudit.probes import http, isapi
from camaudit.probes.message import Message, read
from camaudit.probes.record import Fields
from camaudit.signatures.match import match

KNOWLEDGE = catalogue().knowledge


def message(text: str) -> Message:
    found = read(text.replace("\n", "\r\n").encode())
    assert found is not None
    return found


def said(fields: Fields) -> Identification:
    return identify(fields, match(fields, KNOWLEDGE), KNOWLEDGE)


def page(body: str, *headers: str) -> Identification:
    lines = ("HTTP/1.1 200 OK", *headers, f"Content-Length: {len(body.encode())}", "", body)
    return said(http.page_fields(message("\n".join(lines))))


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ("", ('Etag: "1542904346:5519"', "Date: Sun, 22 Mar 2020 02:23:27 GMT")),
        ("", ("Set-Cookie:secure; HttpOnly",)),
        ("", ('WWW-Authenticate: Basic realm="Device_CGI"',)),
        ("", ('WWW-Authenticate: Digest realm="DH_90:02:A9:11:22:33", nonce="1"',)),
        ("<p>Copyright (c) 2009 Zhejiang Dahua Technology Co., Ltd.</p>", ()),
        ('RPC.call("global.login",{clientType:"Web3.0"},"/RPC2_Login");', ()),
        ('<label class="a" t="com.Language">Idioma</label>', ()),
        ("items[0].FilePath=/mnt/sd/2020-01-06/001/dav/06/06.05.00-06.13.00[M][0@0][0].mp4", ()),
        ("deviceType=IPC-HFW2431S\nprocessor=SSC337DE\nserialNumber=6K03CD1PAG5F2A4\n", ()),
    ],
)
def test_one_reply_of_its_web_server_names_dahua(body: str, headers: tuple[str, ...]) -> None:
    assert page(body, *headers).maker == "dahua"


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ("", ('ETag: "5bf6d8ba-5519"', "Server: nginx")),
        ("", ("X-Powered-By: PHP/5.4.16", "P3P: CP=CAO PSA OUR", "Set-Cookie: PHPSESSID=1; path=/")),
        ("", ("Set-Cookie: SESSION=1; Secure; HttpOnly",)),
        ("<p>Works with cameras of Zhejiang Dahua Technology</p>", ()),
        ('<tag t="com.example.util"/>', ()),
        ("<a href='https://home.quickddns.com/'>", ()),
        ("/mnt/sd/2020-01-06/06.05.00-06.13.00.mp4", ()),
    ],
)
def test_what_resembles_it_names_nobody(body: str, headers: tuple[str, ...]) -> None:
    assert page(body, *headers).maker is None


@pytest.mark.parametrize(
    "model", ["NVR608-64-4KS2", "NVD0405DH-4I-4K", "SD6AE240V-HNI", "IPC-EB5531", "IVSS7008-1I"]
)
def test_its_own_numbers_are_nobody_elses(model: str) -> None:
    found = said({"onvif.model": (model,)})
    assert (found.maker, found.brand) == ("dahua", None)
    assert found.relation is not Relation.OEM


def test_a_number_of_uniview_or_intelbras_stays_theirs() -> None:
    assert said({"onvif.model": ("NVR308-64X",)}).maker == "uniview"
    assert (
        said({"dahua.answer": ("magicBox getDeviceType: keys type",), "dahua.model": ("NVD 1404",)}).brand
        == "intelbras"
    )


@pytest.mark.parametrize("title", ["VTO", "EVS Web"])
def test_the_sort_of_a_unit_in_its_title_is_no_label(title: str) -> None:
    assert page(f'<title>{title}</title><script src="/jsCore/rpcCore.js"></script>').brand is None


def test_a_model_of_imou_is_imou_by_its_ending() -> None:
    found = said(
        {"dahua.answer": ("magicBox getDeviceType: keys type",), "dahua.model": ("IPC-GK2CN-3C1WR-IMOU",)}
    )
    assert (found.maker, found.brand, found.relation) == ("dahua", "imou", Relation.SUBSIDIARY)


def test_a_page_that_is_not_there_is_no_login_page_of_hikvision() -> None:
    absent = message("HTTP/1.1 404 Not Found\nContent-Length: 13\n\n<html></html>")
    assert isapi.login_page_fields(absent) == {}
