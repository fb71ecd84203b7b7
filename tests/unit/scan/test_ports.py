"""The operator's own list of ports: read strictly, and what is not understood is refused in one line."""

from __future__ import annotations

import pytest

from camaudit.errors import UsageError
from camaudit.scan.ports import PORTS, Speaks, parse_ports, shifted_ports


def test_a_list_keeps_its_order_and_each_port_once() -> None:
    found = parse_ports("554, 81-83,80,82")
    assert list(found) == [554, 81, 82, 83, 80]
    assert (found[554], found[81]) == (PORTS[554], Speaks.HTTP)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("80,x", "'x' is not a port; write 80,554,8000-8010"),
        ("80-", "'80-' is not a port"),
        ("", "'' is not a port"),
        ("0", "'0' is not within 1 to 65535"),
        ("90-80", "'90-80' is not within 1 to 65535, lower end first"),
        ("1-65535", "name fewer, this is no port scanner"),
    ],
)
def test_what_is_no_list_of_ports_is_refused(written: str, said: str) -> None:
    with pytest.raises(UsageError) as told:
        parse_ports(written)
    assert said in str(told.value)
    assert len(str(told.value).splitlines()) == 1


def test_only_ports_that_need_root_are_moved() -> None:
    moved = shifted_ports(20000)
    assert moved[20080] is PORTS[80]
    assert moved[8000] is PORTS[8000]
    assert min(moved) >= 1024
    assert len(moved) == len(PORTS)
