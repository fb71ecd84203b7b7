"""Targets as the operator writes them, and what is refused before anything is sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from camaudit.errors import ScopeError
from camaudit.net.scope import parse_scope


@pytest.mark.parametrize(
    ("target", "size", "inside", "outside"),
    [
        ("192.0.2.7", 1, "192.0.2.7", "192.0.2.8"),
        ("192.0.2.0/28", 16, "192.0.2.15", "192.0.2.16"),
        ("192.0.2.10-40", 31, "192.0.2.40", "192.0.2.41"),
        ("10.0.0.250-10.0.1.5", 12, "10.0.1.5", "10.0.1.6"),
        ("::1", 1, "::1", "::2"),
        ("fe80::1%eth0", 1, "fe80::1%eth0", "fe80::1%eth1"),
        ("fe80::%eth0/120", 256, "fe80::ff%eth0", "fe80::1"),
        ("2001:db8::/64", 0, "2001:db8::ffff", "2001:db8:0:1::1"),
        ("fe80::/64", 0, "fe80::1%eth1", "fe80:0:0:1::1%eth1"),
        ("localhost", 1, "127.0.0.1", "127.0.0.2"),
    ],
)
def test_each_form_of_target(target: str, size: int, inside: str, outside: str) -> None:
    scope = parse_scope([target])
    if target == "localhost" and not scope.contains(inside):
        inside = "::1"
    assert scope.size() == size
    assert scope.contains(inside)
    assert not scope.contains(outside)


def test_overlaps_count_once_and_keep_their_order() -> None:
    scope = parse_scope(["192.0.2.0/30", "192.0.2.2-5"])
    assert scope.size() == 6
    assert list(scope.addresses()) == [f"192.0.2.{n}" for n in (0, 1, 2, 3, 4, 5)]


def test_an_excluded_address_is_out_of_scope() -> None:
    scope = parse_scope(["192.0.2.0/29"], ["192.0.2.3"])
    assert not scope.contains("192.0.2.3")
    assert scope.contains("192.0.2.4")


@pytest.mark.parametrize(
    "target",
    [
        "192.0.2.300",
        "192.0.2.9-3",
        "192.0.2.0/33",
        "8.8.8.8",
        "0.0.0.0/0",
        "224.0.0.1",
        "2001:db8::/32",
        "2001:db8::/63",
        "fe80::1",
        "fe80::/120",
        "fe80::1%",
        "ff02::1%eth0",
        "no.invalid",
        "fe80::1%eth0-fe80::9%eth1",
    ],
)
def test_an_impossible_or_public_target_is_refused_in_one_line(target: str) -> None:
    with pytest.raises(ScopeError) as refused:
        parse_scope([target])
    assert str(refused.value).startswith(target)
    assert "\n" not in str(refused.value)


def test_a_public_range_needs_the_flag() -> None:
    assert parse_scope(["8.8.8.8"], allow_public=True).contains("8.8.8.8")


def test_text_that_is_no_address_is_never_in_scope() -> None:
    scope = parse_scope(["192.0.2.0/24"])
    assert not any(scope.contains(text) for text in ("", "evil.example", "192.0.2.1.evil.example", "192.0.2.1/24"))


def test_a_target_file_says_where_it_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "targets.txt"
    file.write_text("# cameras\n192.0.2.1\n192.0.2.999  # typo\n", "utf-8")
    with pytest.raises(ScopeError, match=r"targets\.txt:3: 192\.0\.2\.999"):
        parse_scope([f"@{file}"])


def test_a_target_file_that_is_not_there_or_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "picture").write_bytes(b"\x89PNG\xff\xfe")
    for name in ("gone", "picture"):
        with pytest.raises(ScopeError, match=r"cannot be read.*one target a line"):
            parse_scope([f"@{tmp_path / name}"])


def test_a_name_is_looked_up_once_and_stands_for_its_address() -> None:
    scope = parse_scope(["localhost"])
    assert scope.contains("127.0.0.1") or scope.contains("::1")
    assert scope.written == ("localhost",)


def test_an_ipv6_link_is_never_swept_and_its_single_addresses_are() -> None:
    scope = parse_scope(["2001:db8::/64", "2001:db8::9", "fe80::1%eth0", "fe80::1%eth1"])
    assert list(scope.addresses()) == ["2001:db8::9", "fe80::1%eth0", "fe80::1%eth1"]
    assert scope.size() == 3
    assert [str(span) for span in scope.met] == ["2001:db8::-2001:db8::ffff:ffff:ffff:ffff"]
    assert scope.sweeps("2001:db8::9")
    assert not scope.sweeps("2001:db8::8")


def test_a_scope_reads_back_as_it_is_stored() -> None:
    scope = parse_scope(["fe80::%eth0/64", "fe80::1%eth1", "2001:db8::/64"], ["fe80::7"])
    again = parse_scope(*scope.resolved)
    assert (again.spans, again.excluded) == (scope.spans, scope.excluded)
    assert not again.contains("fe80::7%eth0")
    assert again.contains("fe80::8%eth0")
