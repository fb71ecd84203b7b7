"""Measures camaudit and nmap in turn: ``python -m benchmarks.run [--quick] [--scene NAME] [--write] [--profile]``.

In each scene the two run alternately on the same fleet; a peer that takes minutes runs once. Prints medians,
spread and ratios, and with ``--write`` puts them into docs/performance.md. Exit code 0: nothing missed; 1: a ratio
was missed; 3: it could not be measured.
"""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import lab, peers, profile, table
from benchmarks.scenes import SCENES, Scene
from benchmarks.trial import Arena, arena
from benchmarks.verdict import Measured

_PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"


def main(arguments: list[str] | None = None) -> int:
    """Measure what was asked for and give the exit code."""
    options = _parser().parse_args(arguments)
    # Told to stop, it still ends what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    scenes = [scene for scene in SCENES if _wanted(scene, options)]
    try:
        lab.require(wire=any(scene.wire for scene in scenes))
        binary, nmap = peers.nmap(install=not options.no_install)
        tools = table.machine(nmap)
        print(tools, flush=True)
        for scene in SCENES:
            if not options.scene and scene not in scenes:
                print(f"{scene.name}: skipped in quick mode", file=sys.stderr)
        lost = 0
        for scene in scenes:
            outcome = measure(scene, binary, options)
            print(f"\n{scene.name}: {scene.title}\n\n{table.scene_block(outcome)}", flush=True)
            lost += table.missed(outcome)
            if options.write:
                table.write(_PAGE, outcome, tools, quick=options.quick)
            if options.profile:
                print(f"\n{_profile(scene)}", flush=True)
    except (lab.NoLab, RuntimeError) as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 3
    print(f"\n{lost} missed" if lost else "\nnothing missed")
    return 1 if lost else 0


def measure(scene: Scene, binary: str | None, options: argparse.Namespace) -> table.Outcome:
    """Run one scene: camaudit and each quick peer in turn, then each slow peer once."""
    rounds = options.rounds or (scene.quick_rounds if options.quick else scene.rounds)
    rivals = [peer for peer, _ in scene.duels if peer is not None and binary is not None]
    ours: list[Measured] = []
    theirs: dict[str, list[Measured]] = {peer.name: [] for peer, _ in scene.duels if peer is not None}
    with arena(scene) as here:
        for number in range(rounds):
            ours.append(_told(f"{scene.name} {number + 1}/{rounds} camaudit", here.camaudit()))
            for peer in rivals:
                if not peer.slow:
                    theirs[peer.name].append(_against(here, peer, binary))
        for peer in rivals:
            if peer.slow and options.quick:
                print(f"{scene.name}: {peer.name} takes minutes: skipped in quick mode", file=sys.stderr)
            elif peer.slow:
                theirs[peer.name].append(_against(here, peer, binary))
        counts = len(here.truth.ports), len(here.truth.cameras)
    return table.Outcome(scene, tuple(ours), {name: tuple(runs) for name, runs in theirs.items()}, *counts)


def _profile(scene: Scene) -> str:
    with TemporaryDirectory(prefix="camaudit-bench-") as name, arena(scene) as here:
        file = Path(name) / "profile"
        here.camaudit(profile=file)
        return profile.dominating(file)


def _against(here: Arena, peer: peers.Peer, binary: str | None) -> Measured:
    assert binary is not None
    return _told(f"{here.scene.name} {peer.name}", here.peer(peer, binary))


def _told(what: str, measured: Measured) -> Measured:
    ended = "" if measured.spent.ended else " (cut off)"
    print(f"{what}: {measured.spent.wall_s:.2f} s{ended}", file=sys.stderr, flush=True)
    return measured


def _wanted(scene: Scene, options: argparse.Namespace) -> bool:
    if options.scene:
        return scene.name in options.scene
    return scene.quick or not options.quick


def _parser() -> argparse.ArgumentParser:
    names = [scene.name for scene in SCENES]
    parser = argparse.ArgumentParser(prog="benchmarks.run", description="camaudit and nmap on the same fleets.")
    parser.add_argument("--quick", action="store_true", help="under five minutes: few rounds, no slow peers")
    parser.add_argument(
        "--scene", action="append", choices=names, metavar="NAME", help=f"only: {', '.join(names)}"
    )
    parser.add_argument("--rounds", type=int, metavar="N", help="run camaudit and quick peers N times")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/performance.md")
    parser.add_argument(
        "--profile", action="store_true", help="run camaudit once more and say where its time went"
    )
    parser.add_argument("--no-install", action="store_true", help="do not install nmap where it is missing")
    return parser


if __name__ == "__main__":
    sys.exit(main())
