"""The benchmarks measure what they say: verdicts, what tools found, the fleet's answers and the wire's counts."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

# The benchmarks are a program of the repository and no part of the package, so nothing puts them on the path.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks import answers, growth, lab, peers, profile, table, trial
from benchmarks import run as program
from benchmarks.measure import Spent, run
from benchmarks.profiles import BY_NAME
from benchmarks.scenes import SCENES, Scene
from benchmarks.verdict import Goal, Measured, judge, spread

from camaudit.probes import dhip, sadp, wsd

ROOT = Path(__file__).resolve().parents[2]
SCENE = {scene.name: scene for scene in SCENES}


def measured(
    wall_s: float, *, ended: bool = True, frames: int | None = None, ports: int | None = None
) -> Measured:
    return Measured(Spent(wall_s, wall_s / 2, 50.0, 0, ended), frames=frames, ports=ports, cameras=0)


def test_a_ratio_is_of_medians_and_held_against_its_target() -> None:
    ours, theirs = [measured(1), measured(2), measured(9)], [measured(100)]
    assert judge(Goal("wall", 1 / 50, "1/50"), ours, theirs).met is True
    verdict = judge(Goal("wall", 1 / 60, "1/60"), ours, theirs)
    assert (verdict.ratio, verdict.met) == (0.02, False)


def test_an_allowance_is_added_to_the_target() -> None:
    assert judge(Goal("memory", 0.5, "1/2", plus=25), [measured(1)], [measured(1)]).met is True
    assert judge(Goal("memory", 0.5, "1/2", plus=24), [measured(1)], [measured(1)]).met is False


def test_what_was_not_run_is_not_judged() -> None:
    assert judge(Goal("wall", 1, "1"), [measured(1)], []).met is None
    assert judge(Goal("frames", 1, "1"), [measured(1)], [measured(1, frames=9)]).met is None


def test_a_peer_that_was_cut_off_can_only_lose() -> None:
    cut = [measured(100, ended=False)]
    assert judge(Goal("wall", 1 / 50, "1/50"), [measured(1)], cut).met is True
    assert judge(Goal("wall", 1 / 50, "1/50"), [measured(3)], cut).met is None


def test_an_audit_that_was_cut_off_has_missed() -> None:
    assert judge(Goal("wall", 1, "1"), [measured(1, ended=False)], [measured(9)]).met is False


def test_spread_is_none_where_one_run_lacks_the_quantity() -> None:
    assert spread([measured(1, frames=3), measured(1)], "frames") is None


def outcome(scene: Scene, ours: tuple[Measured, ...]) -> table.Outcome:
    return table.Outcome(scene, ours, {peers.PORTS_FAST.name: (measured(1),)}, ports=5, cameras=0)


def test_a_missed_ratio_is_said_plainly() -> None:
    block = table.scene_block(outcome(SCENE["loss"], (measured(2, ports=5),)))
    assert "| wall | 2.00 | 0.35 | MISSED |" in block
    assert "| 1 of 1 | all | met |" in block


def test_one_run_that_misses_a_port_misses_completeness() -> None:
    told = outcome(SCENE["loss"], (measured(0.1, ports=5), measured(0.1, ports=4)))
    assert "| 1 of 2 | all | MISSED |" in table.scene_block(told)
    assert table.missed(told) == 1


def test_the_page_keeps_what_was_written_by_hand(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text("# Performance\n\nBy hand.\n")
    for wall_s in (0.33, 0.22):
        table.write(page, outcome(SCENE["loss"], (measured(wall_s, ports=5),)), "a machine", quick=True)
    text = page.read_text()
    assert text.startswith("# Performance\n\nBy hand.\n")
    assert text.count("<!-- loss -->") == 1
    assert "0.22" in text
    assert "0.33" not in text


def test_nmap_is_told_the_ports_and_targets(tmp_path: Path) -> None:
    command = peers.FULL.command("nmap", tmp_path / "targets", tmp_path / "nmap.xml")
    assert {"-sV", "-n", "-iL"} <= set(command)
    assert "554" in command[command.index("-p") + 1].split(",")


def test_nmap_xml_gives_open_ports(tmp_path: Path) -> None:
    xml = tmp_path / "nmap.xml"
    port = '<port protocol="tcp" portid="{}"><state state="{}"/></port>'
    ports = port.format(80, "open") + port.format(81, "closed")
    xml.write_text(
        f'<nmaprun><host><address addr="192.0.2.1" addrtype="ipv4"/><ports>{ports}</ports></host></nmaprun>'
    )
    assert peers.open_ports(xml) == {("192.0.2.1", 80)}
    xml.write_text("<nmaprun><host>")
    assert peers.open_ports(xml) is None


def test_ranges_are_written_out_for_nmap() -> None:
    assert trial.addresses(("127.80.0.254-127.80.1.1",)) == [
        "127.80.0.254",
        "127.80.0.255",
        "127.80.1.0",
        "127.80.1.1",
    ]
    assert trial.addresses(("198.51.100.0/24",)) == ["198.51.100.0/24"]


def test_the_standard_lan_is_what_the_issue_describes() -> None:
    scene = SCENE["lan"]
    assert (len(scene.cameras), len(scene.live), len(set(scene.live))) == (20, 28 - 1, 27)
    assert len(SCENE["dense"].cameras) == 240


@pytest.mark.parametrize("name", ["hikvision-camera", "dahua-camera", "tapo-camera"])
def test_searches_are_answered_in_the_protocols_own_words(name: str) -> None:
    profile = BY_NAME[name]
    asked = {"wsd": wsd.requests()[0], "sadp": sadp.request(), "dhip": dhip.request()}
    read = {"wsd": wsd.parse, "sadp": sadp.parse, "dhip": dhip.parse}
    for protocol in profile.discovery:
        said = answers.DISCOVERIES[protocol][2](profile, "4E00001", "198.51.100.7", asked[protocol])
        assert read[protocol](said), protocol


def test_requests_are_taken_whole_only() -> None:
    head = b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\n"
    assert answers.request_length(head + b"ab") == 0
    assert answers.request_length(head + b"abcd") == len(head) + 3


def test_web_and_stream_answers() -> None:
    hikvision = BY_NAME["hikvision-camera"]
    assert b"Server: App-webs/" in answers.web(hikvision, "1", b"GET / HTTP/1.1\r\n\r\n")
    refused = answers.web(hikvision, "1", b"GET /ISAPI/System/deviceInfo HTTP/1.1\r\n\r\n")
    assert refused.startswith(b"HTTP/1.1 401 ")
    assert b"CSeq: 7" in answers.rtsp(hikvision, "1", b"OPTIONS rtsp://x/ RTSP/1.0\r\nCSeq: 7\r\n\r\n")


def test_a_run_is_measured_and_bounded(tmp_path: Path) -> None:
    quick = run(["true"], folder=tmp_path, environment=os.environ, at_most_s=20)
    assert (quick.code, quick.ended) == (0, True)
    late = run(["sleep", "20"], folder=tmp_path, environment=os.environ, at_most_s=0.2)
    assert not late.ended
    assert late.wall_s < 10


def test_an_unknown_scene_is_refused() -> None:
    with pytest.raises(SystemExit):
        program.main(["--scene", "nowhere"])


@pytest.fixture
def _needs_the_wire() -> None:
    try:
        lab.require(wire=True)
    except lab.NoLab as no:
        pytest.skip(f"{no}")


@pytest.mark.usefixtures("_needs_the_wire")
def test_the_wire_delays_swallows_and_counts(tmp_path: Path) -> None:
    live, silent = "198.51.100.7", "198.51.100.9"
    script = f"""
import socket, time
for address in ({live!r}, {silent!r}):
    s = socket.socket(); s.settimeout(0.5); begun = time.monotonic()
    try: s.connect((address, 80))
    except OSError as e: print(type(e).__name__, time.monotonic() - begun)
"""
    with lab.lan(lab.Wire(), (live, silent), silent, tmp_path) as network:
        network.reset()
        command = network.tool.command(sys.executable, "-c", script, cpu=lab.TOOL_CPU)
        said = subprocess.run(command, capture_output=True, text=True, timeout=30).stdout.split()
        frames = network.frames()
    assert [said[0], said[2]] == ["ConnectionRefusedError", "TimeoutError"]
    # Two round trips: ARP, then SYN and RST.
    assert float(said[1]) > 0.003
    assert frames is not None
    assert (frames["out"]["arp_request"], frames["out"]["syn"], frames["in"]["rst"]) == (2, 2, 1)
    assert frames["busiest_second"] == 4


def test_the_fleet_serves_a_camera(tmp_path: Path) -> None:
    pytest.importorskip("cryptography")
    # In a process of its own: it opens listeners, and its standard input ends it.
    layout = tmp_path / "layout.json"
    layout.write_text('[["127.83.9.1", "xiongmai-camera", "1"]]')
    if os.geteuid() != 0:
        pytest.skip("the camera listens on port 80, which needs root")
    with lab.started(
        ["env", f"PYTHONPATH={ROOT}", sys.executable, "-m", "benchmarks.fleet", str(layout), "127.83.9.1"]
    ):
        said = asyncio.run(_get("127.83.9.1"))
    assert b"NETSurveillance" in said


async def _get(address: str) -> bytes:
    reader, writer = await asyncio.open_connection(address, 80)
    writer.write(b"GET / HTTP/1.1\r\n\r\n")
    said = await asyncio.wait_for(reader.readuntil(b"</html>"), 5)
    writer.close()
    return said


def test_the_emulator_compiles_without_a_warning(tmp_path: Path) -> None:
    if shutil.which("cc") is None:
        pytest.skip("needs a C compiler")
    command = ["cc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", str(tmp_path / "lanemu")]
    subprocess.run([*command, str(ROOT / "benchmarks" / "lanemu.c")], check=True, timeout=60)


def test_a_profile_names_what_took_the_time(tmp_path: Path) -> None:
    file = tmp_path / "profile"
    subprocess.run(
        [sys.executable, "-m", "cProfile", "-o", str(file), "-m", "camaudit", "runs"],
        cwd=tmp_path, capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    told = profile.dominating(file)
    assert told.startswith("Under cProfile: ")
    assert "cli/main.py" in told


def _row(addresses: int, cameras: int, wall_s: float, cpu_s: float, found: int | None = None) -> growth.Row:
    spent = Spent(wall_s, cpu_s, 70.0, 0, True)
    return growth.Row(addresses, cameras, spent, cameras if found is None else found)


def test_growth_counts_the_packets_of_a_two_stage_sweep() -> None:
    # 19 ports of each live host, three ports twice of each dark address
    assert growth.packets(100, 10) == 19 * 10 + 6 * 90


def test_growth_is_judged_by_time_a_camera_by_packets_and_by_what_was_found() -> None:
    dark = [_row(1 << 14, 0, 9, 9)]
    good = [_row(256, 256, 2, 2.56), _row(1024, 1024, 8, 10.24)]
    mixed = _row(65536, 6554, 100, 90)
    assert growth._told(good, dark, mixed)[1] is False
    steep = [good[0], _row(1024, 1024, 8, 20.0)]
    assert growth._told(steep, dark, mixed)[1] is True
    assert growth._told(good, dark, _row(65536, 6554, 200, 90))[1] is True
    text, missed = growth._told(good, dark, _row(65536, 6554, 100, 90, found=6553))
    assert missed
    assert "missed" in text
