"""What a step comes to: in go its devices and the site's price table, out come a range of money and its lines.

A part that the table does not price is named as such; it is never guessed and never counted as nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from camaudit.model import Cost, CostLine, Device, Kind, Prices, Range
from camaudit.plan.wording import said

_ONE_ANSWER = "attest"
"""The one action whose work does not grow with the devices: one answer settles them all."""


def cost_of(action: str, devices: Sequence[Device], prices: Prices) -> Cost | None:
    """Return the cost of one step; ``None`` where the table prices no part of it."""
    lines: list[CostLine] = []
    unpriced: list[str] = []
    for line in (*_goods(action, devices, prices), _work(action, len(devices), prices)):
        if isinstance(line, CostLine):
            lines.append(line)
        else:
            unpriced.append(line)
    if not lines:
        return None
    low, high = round(sum(line.low for line in lines), 2), round(sum(line.high for line in lines), 2)
    return Cost(prices.currency, low, high, tuple(lines), tuple(unpriced))


def hours_of(action: str, devices: int, prices: Prices | None) -> Range | None:
    """Return the hours of work of one step; ``None`` where the table states none."""
    hours = prices.hours.get(action) if prices else None
    if hours is None or not (hours.once or hours.each):
        return None
    once, each = hours.once or Range(0, 0), hours.each or Range(0, 0)
    number = 1 if action == _ONE_ANSWER else devices
    return Range(round(once.low + number * each.low, 2), round(once.high + number * each.high, 2))


def _goods(action: str, devices: Iterable[Device], prices: Prices) -> Iterator[CostLine | str]:
    """Yield the new units and their licences, or the name of what has no price."""
    if action != "replace":
        return
    kinds = Counter(device.identification.kind for device in devices)
    for kind in (kind for kind in Kind if kinds[kind]):
        what = said(f"cost_unit_{kind.value}")
        price = prices.units.get(kind.value)
        yield _line(what, Range(kinds[kind], kinds[kind]), price) if price else what
    for kind in (kind for kind in Kind if kinds[kind]):
        licence = prices.licences.get(kind.value)
        if licence:
            # A unit without a licence in the table needs none, as far as the site says.
            yield _line(said(f"cost_licence_{kind.value}"), Range(kinds[kind], kinds[kind]), licence)


def _work(action: str, devices: int, prices: Prices) -> CostLine | str:
    hours = hours_of(action, devices, prices)
    if hours is None or prices.rate is None:
        return said("cost_work")
    return _line(said("cost_work"), hours, prices.rate)


def _line(what: str, quantity: Range, price: Range) -> CostLine:
    return CostLine(
        what, quantity, price, round(quantity.low * price.low, 2), round(quantity.high * price.high, 2)
    )
