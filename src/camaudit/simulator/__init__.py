"""A fleet of cameras, recorders and look-alikes on loopback: for the demo and for the tests.

A device is a file in ``fleet/`` with the source of what it answers; ``like:`` names the firmware platform
in ``platforms/`` that it builds on. ``load_fleet()`` gives devices that answer bytes with bytes;
``serving(fleet)`` puts them on sockets; ``truth_of(fleet)`` says what each really is.
"""

from __future__ import annotations

from camaudit.simulator.fleet import NETWORK, Fleet, SimulatedDevice, load_fleet, multiply
from camaudit.simulator.journal import Journal
from camaudit.simulator.reply import Reply
from camaudit.simulator.serve import FleetServer, serving
from camaudit.simulator.truth import truth_of

__all__ = [
    "NETWORK",
    "Fleet",
    "FleetServer",
    "Journal",
    "Reply",
    "SimulatedDevice",
    "load_fleet",
    "multiply",
    "serving",
    "truth_of",
]
