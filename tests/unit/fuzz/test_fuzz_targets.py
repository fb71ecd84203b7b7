"""Every fuzz target under mutations of sound inputs, and every input that once broke one (``fuzz/found``)."""

from __future__ import annotations

import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

# The targets are shared with the driver, which is no part of the package.
sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from fuzz.reach import counted
from fuzz.target import FOUND, Target
from fuzz.targets import TARGETS

SLOW = frozenset(
    {"workbook", "workbook-zip", "workbook-back", "nmap-engine", "pack-yaml", "pcap-gz", "conversation", "judging"}
    | {"reports", "estate-result", "run-rows", "pattern"}
)
"""Those that take milliseconds for one input are given fewer."""

_LONGEST_S = 2.0


def _mutated(target: Target) -> st.SearchStrategy[bytes]:
    """Return sound inputs with pieces taken out, put in, doubled or broken, and now and then anything at all."""
    seeds = [seed[:16384] for seed in target.seeds()]
    pieces = st.one_of(
        st.binary(max_size=8), st.sampled_from([*target.words, b"\0", b"\xff" * 4, b"\x7f", b"<", b'"'])
    )
    change = st.tuples(st.sampled_from("idor"), st.integers(0, 1 << 14), st.integers(0, 64), pieces)

    def apply(seed: bytes, changes: list[tuple[str, int, int, bytes]]) -> bytes:
        for kind, where, size, piece in changes:
            at = where % (len(seed) + 1)
            taken = seed[at : at + size]
            put = {"i": piece + taken, "d": b"", "o": piece, "r": taken * (2 + size % 7)}[kind]
            seed = seed[:at] + put + seed[at + size :]
        return seed

    sound = st.builds(apply, st.sampled_from(seeds), st.lists(change, max_size=6))
    return st.one_of(sound, sound, sound, st.binary(max_size=256))


@pytest.mark.parametrize("name", TARGETS)
def test_no_input_breaks_a_reader(name: str) -> None:
    target = TARGETS[name]

    @settings(
        max_examples=15 if name in SLOW else 60,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example, HealthCheck.data_too_large],
    )
    @given(_mutated(target))
    def under_fire(data: bytes) -> None:
        target.feed(data)

    under_fire()


@pytest.mark.parametrize("name", TARGETS)
def test_its_seeds_are_sound(name: str) -> None:
    """At least one seed is read to its end: from there on mutations reach something."""
    target = TARGETS[name]
    read = 0
    for seed in target.seeds():
        try:
            target.run(seed)
            read += 1
        except target.allowed:
            continue
    assert read


@pytest.mark.parametrize("name", TARGETS)
def test_the_lines_that_it_should_reach_are_there(name: str) -> None:
    """A reader that was moved or renamed is noticed here, not at the end of a night of runs."""
    for place in TARGETS[name].modules:
        module, _, wanted = place.partition(":")
        spec = find_spec(module)
        assert spec is not None
        assert spec.origin is not None
        assert counted(spec.origin, wanted.split())


_FOUND = [(folder.name, file) for folder in sorted(FOUND.iterdir()) for file in sorted(folder.iterdir())]


@pytest.mark.parametrize(("name", "file"), _FOUND, ids=[f"{name}/{file.name}" for name, file in _FOUND])
def test_what_once_broke_a_reader_does_not_again(name: str, file: Path) -> None:
    """Each file is an input that raised what it should not, or took too long."""
    TARGETS[name].feed(b"")
    began = time.process_time()
    TARGETS[name].feed(file.read_bytes())
    assert time.process_time() - began < _LONGEST_S
