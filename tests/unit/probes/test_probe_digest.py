"""HTTP Digest against the vectors of RFC 7616 and RFC 2069's form, and challenges as cameras write them."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camaudit.model import Account, Secret
from camaudit.probes import digest
from camaudit.probes.digest import Challenge

MUFASA = Account("Mufasa", Secret("Circle of Life"))
NONCE = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"
OPAQUE = "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"
CNONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"


def rfc_header(algorithm: str) -> str:
    return (
        f'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={algorithm}, '
        f'nonce="{NONCE}", opaque='
        f'"{OPAQUE}"'
    )


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_the_vectors_of_rfc_7616_section_3_9_1(algorithm: str, response: str) -> None:
    challenge = digest.best([rfc_header(algorithm)])
    assert challenge is not None
    said = digest.answer(challenge, MUFASA, method="GET", uri="/dir/index.html", count=1, cnonce=CNONCE)
    assert said == (
        f'Digest username="Mufasa", realm="http-auth@example.org", nonce="{NONCE}", uri="/dir/index.html", '
        f'response="{response}", algorithm={algorithm}, qop=auth, nc=00000001, cnonce="{CNONCE}", '
        f'opaque="{OPAQUE}"'
    )


def test_the_username_of_rfc_7616_section_3_9_2_is_hashed_where_that_is_asked() -> None:
    """The RFC's own vector is of SHA-512-256; the hash of the name is the same rule with our algorithm."""
    challenge = Challenge("api@example.org", "n", "SHA-256", "SHA-256", "auth", userhash=True)
    account = Account("J\u00e4s\u00f8n Doe", Secret("Secret, or not?"))
    said = digest.answer(challenge, account, method="GET", uri="/doe.json", count=1, cnonce="c")
    name = hashlib.sha256("J\u00e4s\u00f8n Doe:api@example.org".encode()).hexdigest()
    assert f'username="{name}"' in said
    assert said.endswith("userhash=true")


def test_without_qop_the_form_of_rfc_2069_is_sent() -> None:
    challenge = digest.best(['Digest realm="Login to 1A2B", nonce="4dd1", stale="FALSE"'])
    assert challenge == Challenge("Login to 1A2B", "4dd1")
    said = digest.answer(challenge, Account("a", Secret("b")), method="GET", uri="/x", count=3, cnonce="c")

    def md5(text: str) -> str:
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    assert f'response="{md5(md5("a:Login to 1A2B:b") + ":4dd1:" + md5("GET:/x"))}"' in said
    assert "nc=" not in said
    assert "algorithm" not in said


def test_the_session_form_binds_the_secret_to_the_nonce() -> None:
    challenge = Challenge("r", "n", "MD5-SESS", "MD5-sess", "auth")
    said = digest.answer(challenge, Account("a", Secret("b")), method="GET", uri="/x", count=1, cnonce="c")

    def md5(text: str) -> str:
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    ha1 = md5(md5("a:r:b") + ":n:c")
    assert f'response="{md5(ha1 + ":n:00000001:c:auth:" + md5("GET:/x"))}"' in said
    assert "algorithm=MD5-sess" in said


@pytest.mark.parametrize(
    ("headers", "algorithm"),
    [
        ([rfc_header("MD5"), rfc_header("SHA-256")], "SHA-256"),
        ([rfc_header("SHA-256") + ", " + rfc_header("MD5")], "SHA-256"),
        (['Basic realm="x", Digest realm="x", nonce="1"'], "MD5"),
        (['Digest qop="auth", realm="IP Camera(12345)", nonce="1:2", stale="FALSE"', 'Basic realm="/"'], "MD5"),
        (["Digest realm=bare, nonce=bare, qop=auth"], "MD5"),
    ],
)
def test_the_strongest_that_is_offered_is_taken(headers: list[str], algorithm: str) -> None:
    challenge = digest.best(headers)
    assert challenge is not None
    assert challenge.algorithm == algorithm


@pytest.mark.parametrize(
    "header",
    [
        'Basic realm="x"',
        'Digest realm="x"',
        'Digest realm="x", nonce="1", qop="auth-int"',
        'Digest realm="x", nonce="1", algorithm=SHA-512-256',
        'Digest realm="x", nonce="1\r\nX: y"',
        'Digest realm="x\x00", nonce="1"',
        "Negotiate",
        "",
    ],
)
def test_what_we_do_not_answer(header: str) -> None:
    assert digest.best([header]) is None


def test_the_schemes_are_named() -> None:
    assert digest.schemes(['Basic realm="a, b", Digest nonce="1"', "Negotiate"]) == (
        "basic",
        "digest",
        "negotiate",
    )


def test_quotes_in_what_is_sent_back_stay_inside_their_quotes() -> None:
    challenge = digest.best([r'Digest realm="a \"b\" \\c", nonce="1"'])
    assert challenge is not None
    assert challenge.realm == r'a "b" \c'
    said = digest.answer(challenge, Account('x"y', Secret("z")), method="GET", uri="/", count=1, cnonce="c")
    assert r'realm="a \"b\" \\c"' in said
    assert r'username="x\"y"' in said


@given(st.text(max_size=300))
def test_no_challenge_breaks_the_reader_or_ends_a_line(text: str) -> None:
    challenge = digest.best([text, f"Digest {text}", f'Digest realm="{text}", nonce="n"'])
    if challenge is not None:
        said = digest.answer(challenge, MUFASA, method="GET", uri="/", count=1, cnonce="c")
        assert said.isprintable()
        assert "Circle of Life" not in said
