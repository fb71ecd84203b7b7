"""``--rate`` is true: whatever a whole audit originates is counted on the wire, in every window of one second."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from lan.fleet import audit, cameras, found, layout
from lan.lab import Lab, why_not
from lan.test_arp import in_any_second


@pytest.mark.parametrize(("rate", "count"), [(200, 12), (1000, 60), (5000, 240)])
def test_no_second_has_more_packets_than_the_rate(tmp_path: Path, rate: int, count: int) -> None:
    if why_not():
        pytest.skip(why_not())
    devices = layout(count)
    # Given cameras that make the audit use all its means, and a tap on the scanner's cable
    with Lab() as lab, cameras(lab, devices, tmp_path), lab.tapped("probes") as frames:
        report = audit(lab, tmp_path, "--rate", str(rate), "--fail-on", "never")
    kinds = Counter(frame.target for frame in frames)
    # Then ARP, SYN and UDP were sent, more of them than one second allows
    assert min(kinds["arp"], kinds["syn"], kinds["udp"]) > 0
    assert len(frames) > min(rate, 3000)
    # And no window of one second holds more than the rate
    assert in_any_second(sorted(frames, key=lambda frame: frame.at_s)) <= rate
    # And every camera was found
    assert set(found(report)) == {address for address, _, _ in devices}
