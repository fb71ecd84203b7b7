"""Messages for tests: one of each kind of change, with whatever a device may have written."""

from __future__ import annotations

from datetime import UTC, date, datetime

from camaudit.telling.news import Change, Kind, News, Occasion

AT = datetime(2026, 11, 30, 9, 0, 40, tzinfo=UTC)


def change(kind: Kind = Kind.OPENED, label: str = "Hikvision DS-2CD2032F-I camera", **more: str) -> Change:
    known = {
        "id": f"id-{kind}",
        "device": "85dae5c4159b",
        "address": "192.0.2.11",
        "policy": "uk-central-sensitive-site",
        "rule": "prc-produced-unit-on-sensitive-site",
        "title": "A unit is on a sensitive site",
        "before": "" if kind is Kind.OPENED else "violation",
        "after": "" if kind is Kind.CLOSED else "review" if kind is Kind.CHANGED else "violation",
        "severity": "critical",
        "why": "the device is new",
    }
    return Change(kind=kind, label=label, due=date(2027, 1, 31), **{**known, **more})  # type: ignore[arg-type]


def news(*changes: Change, site: str = "Town Hall", occasion: Occasion = Occasion.CHANGES) -> News:
    return News(
        id="camaudit-0123456789abcdef",
        occasion=occasion,
        site=site,
        run="20261130-090000-abcd",
        at=AT,
        judged_as_of=AT.date(),
        tool_version="0.1.0",
        counts={"video": 12, "violations": 3, "reviews": 2, "waived": 0, "answered": 14},
        changes=changes,
        number=len(changes),
        since="20261129-090000-abcd",
        names={"uk-central-sensitive-site": "UK central government, sensitive sites"},
    )


_OF_A_RULE = (Kind.OPENED, Kind.CLOSED, Kind.CHANGED)
_OF_A_RULE = (Kind.OPENED, Kind.CLOSED, Kind.CHANGED)
EVERY = tuple(
    change(kind, **({} if kind in _OF_A_RULE else {"policy": "", "rule": "", "title": ""})) for kind in Kind
)
