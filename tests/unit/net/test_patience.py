"""How long a host is waited for follows from what it and its network have shown; driven by a clock of our own."""

from __future__ import annotations

from camaudit.net.patience import Patience
from camaudit.net.timing import RoundTrip


class Clock:
    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def patience(usual_s: float | None = 0.02) -> tuple[Patience, Clock, RoundTrip]:
    usual, clock = RoundTrip(), Clock()
    for _ in range(20 if usual_s is not None else 0):
        usual.add(usual_s or 0.0)
    return Patience(usual, 4.0, usual.add, clock), clock, usual


def test_one_silent_port_is_waited_for_to_the_end() -> None:
    waits, clock, _ = patience()
    waits.begin(1)
    clock.now_s += 3.9
    assert waits.worth_while(1, doubtful=False)


def test_two_silent_ports_of_a_host_that_never_spoke_are_given_up() -> None:
    waits, clock, _ = patience()
    waits.open_ports = 7
    waits.begin(1)
    waits.begin(2)
    clock.now_s += 0.9
    assert waits.worth_while(1, doubtful=False)
    clock.now_s += 0.2
    assert not waits.worth_while(1, doubtful=False)
    assert not waits.worth_while(2, doubtful=False)


def test_a_slow_camera_with_its_few_ports_is_given_all_the_time() -> None:
    waits, clock, _ = patience()
    waits.open_ports = 4
    waits.begin(1)
    waits.begin(2)
    clock.now_s += 3.9
    assert waits.worth_while(1, doubtful=False)


def test_a_slow_network_is_given_its_time() -> None:
    waits, clock, usual = patience(usual_s=None)
    waits.open_ports = 7
    for seconds in (2.0, 2.5, 3.0):
        usual.add(seconds)
    waits.begin(1)
    waits.begin(2)
    clock.now_s += 2.5
    assert waits.worth_while(1, doubtful=False)


def test_where_nothing_is_known_yet_nobody_is_hurried() -> None:
    waits, clock, _ = patience(usual_s=None)
    waits.begin(1)
    waits.begin(2)
    clock.now_s += 3.0
    assert waits.worth_while(1, doubtful=False)


def test_a_doubtful_port_is_given_up_once_the_host_spoke_elsewhere() -> None:
    waits, clock, _ = patience()
    waits.talked(answered=True, stalled=False, doubtful=False)
    waits.begin(1)
    clock.now_s += 0.7
    assert not waits.worth_while(1, doubtful=True)
    assert waits.worth_while(1, doubtful=False)


def test_a_host_that_spoke_is_a_tarpit_only_after_three_silences() -> None:
    waits, _, _ = patience()
    waits.talked(answered=True, stalled=False, doubtful=False)
    for expected in (False, False, True):
        waits.talked(answered=False, stalled=True, doubtful=False)
        assert waits.is_tarpit is expected


def test_silence_where_it_is_expected_makes_no_tarpit() -> None:
    waits, _, _ = patience()
    for _ in range(5):
        waits.talked(answered=False, stalled=True, doubtful=True)
    assert not waits.is_tarpit


def test_a_first_byte_teaches_how_long_answers_take() -> None:
    waits, clock, usual = patience(usual_s=None)
    waits.begin(1)
    clock.now_s += 0.25
    waits.heard(1)
    assert usual.known
    assert usual.open_timeout_s() > 0.25
