"""What a device lets anybody see stands on its page and in report.json; what was not seen is not said."""

from __future__ import annotations

from dataclasses import replace

from report_factory import device, school

from camaudit.exposure import EXPOSURES
from camaudit.model import DeviceState
from camaudit.report import html
from camaudit.report import json as report_json
from camaudit.report.words import words


def test_every_exposure_is_shown_in_words() -> None:
    unit = replace(device(1), exposed=EXPOSURES)
    report = replace(school(), devices=(unit,), findings=(), plan=())
    assert report_json.as_json(report)["devices"][0]["exposed"] == list(EXPOSURES)
    page = html.render(report)
    for name in EXPOSURES:
        assert words().exposed[name] in page


def test_what_was_not_seen_is_not_said() -> None:
    report = replace(school(), devices=(device(1),), findings=(), plan=())
    assert report_json.as_json(report)["devices"][0]["exposed"] == []
    assert not any(said in html.render(report) for said in words().exposed.values())


def test_analytics_say_what_a_device_can_do_and_not_that_it_does() -> None:
    unit = device(1)
    state = DeviceState(analytics=("face-capture", "made-up-by-a-device"))
    shown = replace(unit, identification=replace(unit.identification, state=state))
    page = html.render(replace(school(), devices=(shown,), findings=(), plan=()))
    assert "(not whether it does): keeps pictures of faces, made-up-by-a-device" in page
