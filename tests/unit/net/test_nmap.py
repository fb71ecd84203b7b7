"""nmap as a finder: what it is told, what is believed of its answer, and what happens when it fails."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

import fake_nmap
from camaudit.errors import NetworkUnavailable
from camaudit.net import nmap as ours
from camaudit.net.gate import Gate, Reach
from camaudit.net.manners import GENTLE
from camaudit.net.nmap import Found, find_nmap
from camaudit.net.pace import Pace
from camaudit.net.scope import parse_scope
from camaudit.net.wire import Stopped
from fake_nmap import RECORDED, install

PORTS = (20080, 20554, 20443)
FINISHED = '<runstats><finished exit="success"/><hosts up="1" down="0" total="1"/></runstats>'


def look(*addresses: str, there: bool = False, rate: float = 1000.0) -> tuple[Found, ...]:
    gate = Gate(parse_scope(["127.83.0.0/24", "::1"]), Pace(rate))
    return asyncio.run(find_nmap().look(gate, addresses, PORTS, there=there))


def host(body: str) -> str:
    return f"<nmaprun><host>{body}</host>{FINISHED}</nmaprun>"


def test_recorded_xml_gives_hosts_ports_and_mac(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch)
    five, six = look("127.83.0.5", "127.83.0.6", "127.83.0.7")
    assert five.address == "127.83.0.5"
    assert five.ports == {20080: Reach.OPEN, 20554: Reach.REFUSED, 20443: Reach.SILENT}
    assert five.mac == "02:00:00:00:ab:05"
    # Of the other host nmap only says how many ports are closed.
    assert six == Found("127.83.0.6", dict.fromkeys(PORTS, Reach.REFUSED))


@pytest.mark.parametrize(("raw", "way"), [(True, "-sS --privileged"), (False, "-sT --unprivileged")])
def test_it_is_told_addresses_by_standard_input_and_the_rate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raw: bool, way: str
) -> None:
    monkeypatch.setattr(ours, "may_send_raw", lambda: raw)
    told = install(tmp_path, monkeypatch)
    look("127.83.0.6", "127.83.0.5", "::1", rate=250)
    ports = "20080,20554,20443"
    line = f"-oX - -iL - -n {way} -PS{ports} -p {ports} --max-rate 250"
    assert told.arguments == [line, f"{line} -6"]
    assert told.targets == ["127.83.0.5", "127.83.0.6", ".", "::1", "."]


def test_it_is_told_to_be_gentle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = install(tmp_path, monkeypatch)
    gate = Gate(parse_scope(["127.83.0.0/24"]), Pace(100), manners=GENTLE)
    asyncio.run(find_nmap().look(gate, ["127.83.0.5"], PORTS, there=True))
    assert told.arguments[0].endswith("--max-rate 100 --scan-delay 500ms --max-retries 1")


def test_who_is_known_to_be_there_is_not_pinged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = install(tmp_path, monkeypatch)
    look("127.83.0.5", there=True)
    assert " -Pn " in told.arguments[0]
    assert "-PS" not in told.arguments[0]


@pytest.mark.parametrize("address", ["192.0.2.1", "-sC", "127.83.0.5 --script=x", "::2"])
def test_what_is_out_of_scope_never_reaches_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    told = install(tmp_path, monkeypatch)
    with pytest.raises(Stopped):
        look("127.83.0.5", address)
    assert told.arguments == []


def test_an_address_or_port_that_was_not_asked_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ports = "".join(f'<port protocol="tcp" portid="{p}"><state state="open"/></port>' for p in (20080, 22))
    udp = '<port protocol="udp" portid="20554"><state state="open"/></port>'
    body = f'<status state="up"/><address addr="127.83.0.5" addrtype="ipv4"/><ports>{ports}{udp}</ports>'
    mac = '<address addr="&lt;script&gt;" addrtype="mac"/>'
    other = body.replace("127.83.0.5", "192.0.2.7")
    install(tmp_path, monkeypatch, says=host(body + mac).replace("</host>", f"</host><host>{other}</host>"))
    (found,) = look("127.83.0.5")
    assert found == Found("127.83.0.5", {20080: Reach.OPEN, 20554: Reach.SILENT, 20443: Reach.SILENT})


BOMB = '<!DOCTYPE n [<!ENTITY a "127.83.0.5"><!ENTITY b "&a;&a;">]>'
OUTSIDE = '<!DOCTYPE n [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
UP = '<status state="up"/><address addr="127.83.0.5" addrtype="ipv4"/>'


@pytest.mark.parametrize(
    "says",
    [
        "",
        "no XML",
        "<nmaprun/>",
        RECORDED[:-200],
        BOMB + host(f"{UP}<os>&b;</os>"),
        OUTSIDE + host(f"{UP}<os>&a;</os>"),
        host("<status/>"),
        host('<address addr="127.83.0.5" addrtype="ipv4"/>'),
        host(f'{UP}<ports><port protocol="tcp" portid="x"><state state="open"/></port></ports>'),
        host(f'{UP}<ports><port protocol="tcp" portid="80"/></ports>'),
        host(f'{UP}<ports><port protocol="hostnames" portid="80"><state state="open"/></port></ports>'),
        RECORDED.replace('exit="success"', 'exit="error"'),
        "\x1b[31m\x00",
    ],
)
def test_hostile_output_is_one_line_and_never_a_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str
) -> None:
    install(tmp_path, monkeypatch, says=says)
    with pytest.raises(NetworkUnavailable, match="built-in engine") as failed:
        look("127.83.0.5")
    assert str(failed.value).isprintable()


def test_endless_output_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ours, "_MOST_OUTPUT", 1 << 20)
    install(tmp_path, monkeypatch, then="yes '<host>'")
    with pytest.raises(NetworkUnavailable, match="wrote more"):
        look("127.83.0.5")


def test_a_failure_says_what_nmap_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, then="printf '\\n\\033[1mno route\\nQUITTING!\\n' >&2; exit 7")
    with pytest.raises(NetworkUnavailable, match=r"nmap ended with 7: \?\[1mno route; "):
        look("127.83.0.5")


def test_one_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ours, "_LEAST_S", 0.2)
    monkeypatch.setattr(ours, "_EACH_S", 0.1)
    install(tmp_path, monkeypatch, then="sleep 600")
    with pytest.raises(NetworkUnavailable, match="did not end within"):
        look("127.83.0.5")
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text("utf-8")), 0)


def test_it_ends_with_the_scan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given an nmap that is at work, when the scan is ended (Ctrl-C cancels it)
    install(tmp_path, monkeypatch, then="sleep 600")
    pid = tmp_path / "pid"

    async def begin_and_cancel() -> None:
        gate = Gate(parse_scope(["127.83.0.5"]), Pace(1000))
        looking = asyncio.create_task(find_nmap().look(gate, ["127.83.0.5"], PORTS, there=False))
        while not (pid.is_file() and pid.read_text("utf-8").strip()):  # noqa: ASYNC110 (another process writes it)
            await asyncio.sleep(0.01)
        looking.cancel()
        await asyncio.wait([looking])

    asyncio.run(begin_and_cancel())
    # Then nmap has ended too
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text("utf-8")), 0)


def test_missing_program_library_or_another_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, version="Something else 1.0")
    with pytest.raises(NetworkUnavailable, match="does not say that it is nmap"):
        find_nmap()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NetworkUnavailable, match="apt install nmap"):
        find_nmap()
    monkeypatch.setitem(sys.modules, "nmap", None)
    with pytest.raises(NetworkUnavailable, match=r"camaudit\[nmap\]"):
        find_nmap()


def test_the_version_is_the_one_it_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_nmap.install(tmp_path, monkeypatch, version="Nmap version 7.01SVN ( https://nmap.org )")
    assert find_nmap().version == "7.01SVN"
