"""Numbers that devices and operators write: what Python takes for a digit, and cannot read, ends nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from camaudit.errors import UsageError
from camaudit.model import Observation, Outcome, Target
from camaudit.model.figures import whole_number
from camaudit.scan.ports import Speaks, parse_ports
from camaudit.scan.told import Told

ODD = ("²", "1²", "٣", "9" * 5000, "-1", "+1", " 1", "", "65536")


@pytest.mark.parametrize("text", ODD)
def test_what_is_no_port_is_none(text: str) -> None:
    assert whole_number(text, 65535) is None


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("007", 7), ("65535", 65535)])
def test_digits_are_read(text: str, number: int) -> None:
    assert whole_number(text, 65535) == number


def test_a_device_that_names_odd_ports_is_asked_at_its_good_ones() -> None:
    fields = {"sadp.http_port": (*ODD, "8080"), "dhip.http_port": ("0", "81")}
    seen = Observation(Target("192.0.2.1"), "sadp", Outcome.ANSWERED, fields, datetime(2026, 1, 1, tzinfo=UTC))
    assert Told([seen]).web_ports("192.0.2.1") == (8080, 81)


@pytest.mark.parametrize("text", ["²", "80,²", "80-²", "9" * 5000, "0", "90-80", "80-99999", ""])
def test_odd_ports_are_refused_in_one_short_line(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_ports(text)
    assert len(str(refused.value)) < 200


def test_ports_and_spans_are_read() -> None:
    assert parse_ports("554, 8000-8001") == {554: Speaks.RTSP, 8000: Speaks.HTTP, 8001: Speaks.HTTP}
