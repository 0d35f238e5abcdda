# SPDX-License-Identifier: MIT
"""Uptime: no jump, no wrap, one clock over restarts."""

from firmware.app import Uptime

LONGEST = 3600_000  # ms, the most that `until` returns

WRAP = 1 << 30


class FakeClock:
    """A clock port that a test sets by hand."""

    def __init__(self, ticks=0, rtc=None):
        self.ticks = ticks
        self.seconds = rtc

    def ticks_ms(self):
        return self.ticks % WRAP

    def rtc(self):
        return self.seconds

    def set_rtc(self, seconds):
        self.seconds = seconds


def test_begins_at_zero_after_power_up():
    clock = FakeClock(5000, 777)
    uptime = Uptime(clock, "power")
    assert uptime.seconds() == 0
    assert clock.seconds == 0


def test_goes_on_after_a_restart():
    clock = FakeClock(0, 777)
    uptime = Uptime(clock, "restart")
    clock.ticks += 2500
    assert uptime.seconds() == 779


def test_an_rtc_that_was_lost_begins_at_0():
    clock = FakeClock(0, None)
    uptime = Uptime(clock, "restart")
    assert uptime.seconds() == 0
    assert clock.seconds == 0
    assert uptime.cause == "power"  # deadlines of the uptime before are void
    assert Uptime(FakeClock(0, 5), "restart").cause == "restart"


def test_runs_over_the_wrap_of_the_ticks():
    clock = FakeClock(WRAP - 1500, 0)
    uptime = Uptime(clock, "restart")
    for i in range(1, 30):
        clock.ticks += LONGEST
        assert uptime.seconds() == i * LONGEST // 1000


def test_fractions_are_not_lost():
    clock = FakeClock(0, 0)
    uptime = Uptime(clock, "restart")
    for _ in range(1000):
        clock.ticks += 333
        uptime.seconds()
    assert uptime.seconds() == 333


def test_until_counts_in_milliseconds_and_is_bounded():
    clock = FakeClock(0, 100)
    uptime = Uptime(clock, "restart")
    clock.ticks += 250
    assert uptime.until(101) == 750
    assert uptime.until(100) == 0
    assert uptime.until(90) == 0
    assert uptime.until(10**6) == LONGEST
