"""What the HTML report shows of one device: in goes a judged device, out come words, rows and sort keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from camaudit.language import english
from camaudit.model import Certainty, Device, DeviceState, Identification
from camaudit.report.ledger import Row, ledger
from camaudit.report.placed import contact_words
from camaudit.report.sentences import brand_of, called, next_step, percent, relation
from camaudit.report.summary import STANDINGS, SURE, Judged, Standing, address_order, is_video, name_of
from camaudit.report.words import Words

Filter = tuple[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class DeviceView:
    """One device as the templates need it; ``anchor`` is the place of its section in the page."""

    anchor: str
    item: Judged
    called: str
    maker: str
    brand: str
    described: str
    """How label and maker relate, and how sure the maker is."""
    order: str
    due: str
    next_step: str
    rows: tuple[Row, ...]
    candidates: tuple[tuple[str, str], ...]
    states: tuple[str, ...]
    contacts: tuple[str, ...] = ()
    location: str = ""

    @property
    def device(self) -> Device:
        """Return the device itself."""
        return self.item.device

    @property
    def standing(self) -> Standing:
        """Return the headline verdict."""
        return self.item.standing

    @property
    def rank(self) -> int:
        """Return the place of the headline verdict, the worst first."""
        return STANDINGS.index(self.standing)

    @property
    def maker_key(self) -> str:
        """Return the maker's id as the filter knows it."""
        return self.device.identification.maker or ""

    @property
    def is_video(self) -> bool:
        """Say whether this counts as a camera or recorder."""
        return is_video(self.device)


def device_views(
    items: Iterable[Judged], names: Mapping[str, str], words: Words, locations: Mapping[str, str]
) -> tuple[DeviceView, ...]:
    """Return the views of all devices, in the order given; ``locations`` is by device id."""
    return tuple(_view(number, item, names, words, locations) for number, item in enumerate(items, start=1))


def _view(
    number: int, item: Judged, names: Mapping[str, str], words: Words, locations: Mapping[str, str]
) -> DeviceView:
    found = item.device.identification
    due = min((f.due for f in item.open if f.due is not None), default=None)
    version, value, text = address_order(item.device.address)
    return DeviceView(
        anchor=f"device-{number}",
        item=item,
        called=called(item.device, names, words),
        maker=_maker(found, names, words),
        brand=brand_of(found, names),
        described=_described(found, names, words),
        order=f"{version}-{value:039d}-{text}",
        due=due.isoformat() if due else "",
        next_step=next_step(item, words, english),
        rows=ledger(found, names, words),
        candidates=tuple((name_of(names, c.maker), percent(c.confidence)) for c in found.candidates),
        states=(*_states(found.state, words), *(words.exposed.get(e, e) for e in item.device.exposed)),
        contacts=tuple(contact_words(contact, names, words) for contact in item.device.contacts),
        location=locations.get(item.device.id, ""),
    )


def _described(found: Identification, names: Mapping[str, str], words: Words) -> str:
    label = relation(found, names, words)
    told = f"{label[:1].upper()}{label[1:]}."
    if not found.maker:
        return told
    sure = words.labels["sure"].format(percent=percent(found.confidence))
    meaning = words.certainty_meanings[found.certainty]
    return f"{told} {words.columns['maker']}: {words.certainties[found.certainty]}, {sure} ({meaning})."


def _maker(found: Identification, names: Mapping[str, str], words: Words) -> str:
    """Return the maker's name, hedged where it is not sure: a table cell is read without its footnote."""
    name = name_of(names, found.maker)
    return name if not name or found.certainty in SURE else words.labels["perhaps"].format(maker=name)


def filters(views: Iterable[DeviceView], names: Mapping[str, str], words: Words) -> tuple[Filter, ...]:
    """Return what the device table can be filtered by, each with the values that occur."""
    shown = [view for view in views if view.is_video]
    found = {view.device.identification.certainty for view in shown}
    makers = {view.maker_key: name_of(names, view.maker_key) for view in shown if view.maker_key}
    return (
        ("verdict", tuple((str(s), words.verdicts[s]) for s in STANDINGS if any(v.standing is s for v in shown))),
        ("maker", tuple(sorted(makers.items(), key=lambda pair: pair[1].lower()))),
        ("certainty", tuple((str(c), words.certainties[c]) for c in Certainty if c in found)),
    )


def signs_of(views: Iterable[DeviceView]) -> tuple[Row, ...]:
    """Return one row for each sign that spoke, in the order of their names."""
    found = {row.signature: row for view in views for row in view.rows}
    return tuple(found[name] for name in sorted(found))


def _states(state: DeviceState, words: Words) -> Iterable[str]:
    said = {True: words.labels["is_true"], False: words.labels["is_false"]}
    if state.access_terminal:
        yield words.labels["access_terminal"]
    if state.activated is not None:
        yield words.labels["activated"].format(value=said[state.activated])
    if state.cloud in ("enabled", "disabled"):
        yield words.labels["cloud"].format(value=words.labels[state.cloud])
    if state.locked is not None:
        yield words.labels["locked"].format(value=said[state.locked])
    if state.analytics:
        offered = (words.analytics.get(each, each) for each in state.analytics)
        yield words.labels["analytics"].format(value=", ".join(offered))
