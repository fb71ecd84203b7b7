"""What a site file says of the plan: prices, own deadlines, who does what, where the recorders are. Both ways.

In go the parts of the site file, out come ``Planning`` or each problem with its place, and lines for a site file.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterator, Mapping
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path as FilePath

from camaudit.errors import DataFileError
from camaudit.model import Planning, Prices, Range
from camaudit.plan import ACTIONS
from camaudit.prices import PricesFile, PricesForm, problems_of
from camaudit.resources import shown_path
from camaudit.yamlio import Path, lines_of, load

_MAX_DAYS = 3650


def planning(
    site_file: Traversable,
    prices: PricesForm | None,
    prices_file: str,
    deadlines: Mapping[str, int | date],
    responsible: Mapping[str, str],
    recorders: tuple[str, ...],
    locations: Mapping[str, str],
) -> Planning:
    """Return the values; raise ``DataFileError`` where the file of prices is wrong."""
    table = _from_file(site_file, prices_file) if prices_file else prices.prices() if prices else None
    return Planning(table, dict(deadlines), dict(responsible), recorders, dict(locations))


def _from_file(site_file: Traversable, name: str) -> Prices:
    here = FilePath(str(site_file)).parent
    file = here / name
    form = load(file, PricesFile).prices
    lines = lines_of(file)
    problems = tuple(
        f"{shown_path(file)}:{lines.get(where, lines.get(where[:2], 1))}: {'.'.join(map(str, where))}: {problem}"
        for where, problem in problems_of(form)
    )
    if problems:
        raise DataFileError(problems)
    return form.prices()


def planning_problems(
    prices: PricesForm | None,
    prices_file: str,
    deadlines: Mapping[str, int | date],
    responsible: Mapping[str, str],
    recorders: tuple[str, ...],
    locations: Mapping[str, str],
) -> Iterator[tuple[Path, str]]:
    """Yield what is wrong with these parts of a site file, each with its place."""
    if prices_file and (FilePath(prices_file).name != prices_file or prices_file.startswith(".")):
        # It travels with the site file, into a bundle of evidence too.
        yield ("prices_file",), f"{prices_file!r} is no plain file name; put the file beside this one"
    if prices is not None:
        yield from problems_of(prices)
        if prices_file:
            yield ("prices_file",), "there is a price table in this file too; keep one"
    for key, given in (("deadlines", deadlines), ("responsible", responsible)):
        for action in given:
            if action not in ACTIONS:
                yield (key, action), f"is no action of the plan; there are {', '.join(ACTIONS)}"
    for action, day in deadlines.items():
        if isinstance(day, int) and not 0 <= day <= _MAX_DAYS:
            yield ("deadlines", action), f"write a day, or 0 to {_MAX_DAYS} days after a unit was first seen"
    for action, who in responsible.items():
        if not who.strip():
            yield ("responsible", action), "must not be empty"
    for unit, place in locations.items():
        if not unit.strip() or not place.strip():
            yield ("locations", unit), "write an address, MAC address or device id, and where that unit hangs"
    for index, address in enumerate(recorders):
        try:
            ipaddress.ip_network(address.replace("%", "!"), strict=False)
        except ValueError:
            yield ("recorders", index), f"{address!r} is no address; write 192.0.2.5, 2001:db8::5 or 192.0.2.0/28"


def planning_lines(known: Planning) -> Iterator[str]:
    """Yield the lines of a site file for what is known, with a comment at each for whoever edits it later."""
    yield "# Where the recorders are: what may still reach a camera that is cut off from everything else."
    yield from listed("recorders", known.recorders)
    yield "# Where units hang, by address, MAC address or device id."
    places = {quoted(unit): quoted(place) for unit, place in known.locations.items()}
    yield from _mapped("locations", places, "{192.0.2.10: north wall of the hall}")
    yield "# Your own days for the steps of the plan: a date, or days after a unit was first seen."
    yield from _mapped(
        "deadlines", {k: _day(v) for k, v in known.days.items()}, "{isolate: 14, replace: 2027-08-31}"
    )
    yield "# Who does which kind of step."
    yield from _mapped("responsible", {k: quoted(v) for k, v in known.who.items()}, "{isolate: the network team}")
    yield "# What the work costs here. Without a table of yours the plan states no figure. A file of its own can"
    yield "# be named instead: prices_file: prices.yaml"
    yield from _price_lines(known.prices) if known.prices else ("# prices:",)


def _price_lines(prices: Prices) -> Iterator[str]:
    yield "prices:"
    yield f"  currency: {prices.currency}"
    for key, text in (("source", prices.source), ("note", prices.note)):
        if text:
            yield f"  {key}: {quoted(text)}"
    if prices.dated:
        yield f"  dated: {prices.dated.isoformat()}"
    for key, ranges in (("units", prices.units), ("licences", prices.licences)):
        if ranges:
            yield f"  {key}:"
            yield from (f"    {kind}: {_ends(each)}" for kind, each in ranges.items())
    if prices.rate or prices.hours:
        yield "  labour:"
    if prices.rate:
        yield f"    rate: {_ends(prices.rate)}"
    if prices.hours:
        yield "    hours:"
    for action, hours in prices.hours.items():
        parts = (("once", hours.once), ("each", hours.each))
        yield f"      {action}: {{{', '.join(f'{name}: {_ends(each)}' for name, each in parts if each)}}}"


def _ends(each: Range) -> str:
    return f"{{low: {each.low:.12g}, high: {each.high:.12g}}}"


def _day(value: int | date) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def listed(key: str, values: tuple[str, ...]) -> tuple[str, ...]:
    """Return a list as lines of YAML; an empty one as a comment."""
    return (f"{key}:", *(f"  - {quoted(value)}" for value in values)) if values else (f"# {key}: []",)


def _mapped(key: str, values: Mapping[str, str], example: str) -> Iterator[str]:
    yield f"{key}:" if values else f"# {key}: {example}"
    yield from (f"  {name}: {value}" for name, value in values.items())


def quoted(text: str) -> str:
    """Return a text as a YAML scalar that reads back as itself: a JSON string, less what YAML forbids."""
    plain = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in plain)
