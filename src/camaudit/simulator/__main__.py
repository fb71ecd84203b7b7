"""Run the fleet as a program: ``python -m camaudit.simulator --truth FILE --log FILE``.

Prints ``ready N devices M sockets`` once all listen; ends on SIGTERM, SIGINT or the end of stdin.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import resource
import signal
import sys
from pathlib import Path

from camaudit.errors import CamauditError
from camaudit.simulator.fleet import FLEETS, Fleet, load_fleet, multiply
from camaudit.simulator.journal import Journal
from camaudit.simulator.serve import FleetServer
from camaudit.simulator.shift import ALL, Shift
from camaudit.simulator.truth import truth_of


def main(arguments: list[str] | None = None) -> int:
    """Parse the options, serve until told to stop, and give the exit code."""
    options = _parser().parse_args(arguments)
    _raise_file_limit()
    try:
        fleet = _fleet(options)
        if options.truth:
            truth = json.dumps(truth_of(fleet, _shift(options)), indent=1, ensure_ascii=False)
            options.truth.write_text(truth + "\n", encoding="utf-8")
        with contextlib.ExitStack() as stack:
            stream = stack.enter_context(options.log.open("w", encoding="utf-8")) if options.log else None
            journal = Journal(stream)
            asyncio.run(_serve(fleet, journal, options))
            journal.close()
    except (CamauditError, OSError) as wrong:
        print(f"camaudit.simulator: {wrong}", file=sys.stderr)
        return wrong.exit_code if isinstance(wrong, CamauditError) else CamauditError.exit_code
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="camaudit.simulator", description="A camera fleet on loopback.")
    parser.add_argument("--truth", type=Path, metavar="FILE", help="write what each device really is (JSON)")
    parser.add_argument("--log", type=Path, metavar="FILE", help="write every request (JSON lines)")
    parser.add_argument("--shift", type=int, default=0, metavar="N", help="add N to every port")
    parser.add_argument("--shift-below", type=int, default=ALL, metavar="PORT", help="shift only lower ports")
    parser.add_argument("--fleet", choices=sorted(FLEETS), default="cameras", help="which fleet")
    parser.add_argument("--only", nargs="+", metavar="ID", help="serve these devices")
    parser.add_argument("--multiply", type=int, metavar="N", help="serve N clones of the cameras instead")
    parser.add_argument("--first", type=int, default=0, metavar="N", help="number the clones from N on")
    parser.add_argument("--network", default="127.80.0.0/16", metavar="CIDR", help="where the clones live")
    parser.add_argument(
        "--interface", default="127.0.0.1", metavar="ADDRESS", help="where multicast is listened for"
    )
    parser.add_argument("--list", action="store_true", help="print the devices and end")
    return parser


def _shift(options: argparse.Namespace) -> Shift:
    return Shift(options.shift, options.shift_below)


def _fleet(options: argparse.Namespace) -> Fleet:
    fleet = load_fleet(name=options.fleet)
    if options.only:
        fleet = fleet.only(options.only)
    if options.multiply:
        fleet = multiply(fleet, options.multiply, options.network, first=options.first)
    return fleet


async def _serve(fleet: Fleet, journal: Journal, options: argparse.Namespace) -> None:
    if options.list:
        for device in fleet.devices:
            print(device.address, device.id)
        return
    server = FleetServer(fleet, journal, shift=_shift(options), interface=options.interface)
    if options.shift:
        which = "every port is" if options.shift_below == ALL else f"ports below {options.shift_below} are"
        print(f"camaudit.simulator: {which} shifted by {options.shift}", file=sys.stderr)
    server.start()
    print(f"ready {len(fleet.devices)} devices {server.socket_count} sockets", flush=True)
    await _told_to_stop()
    server.stop()


async def _told_to_stop() -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    # A regular file or /dev/null as stdin cannot be waited for, and means that nobody will close it.
    with contextlib.suppress(OSError, ValueError):
        loop.add_reader(sys.stdin, lambda: _at_end(stop))
    await stop.wait()


def _at_end(stop: asyncio.Event) -> None:
    if not os.read(sys.stdin.fileno(), 4096):
        asyncio.get_running_loop().remove_reader(sys.stdin)
        stop.set()


def _raise_file_limit() -> None:
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    sys.exit(main())
