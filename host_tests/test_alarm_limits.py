# SPDX-License-Identifier: MIT
"""The sensor alarm against the whole firmware: bad days, and cuts at any moment of its calls."""

from __future__ import annotations

from collections import Counter

import pytest

from host_tests.world_kit import OWNER, ask
from tools.bench.world.world import World

FRIEND = "+31600000002"
ACTIVE = "ALARM! Sensor is active"
SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class House(World):
    """A world with an armed sensor; `commits` counts the records written since then."""

    def __init__(self, *orders: str, numbers: tuple[str, ...] = (OWNER, FRIEND)) -> None:
        super().__init__()
        self.commits = 0
        self.rang: list[str] = []
        self.observe(self._listen)
        self.power_on()
        self.come_on_line()
        self.say("MAKEMEBOSS")
        for number in numbers:
            self.say("ALERTNUMBER+" + number)
        for order in (*orders, "POWERALERT=OFF", "SMSLIMIT=OFF", "ALARMON"):
            self.say(order)
        self.seen = len(self.network.messages)
        self.commits = 0

    def call(self, name: str, arg: str) -> str:
        self.commits += name == "flash.commit"
        return super().call(name, arg)

    def _listen(self, kind: str, text: str) -> None:
        if kind == "call" and text.endswith(" ringing"):
            self.rang.append(text.split(" ")[1])

    def come_on_line(self) -> None:
        assert self.run_until(lambda: self.online, 3 * MINUTE)
        self.run_for(2 * SECOND)

    def say(self, text: str) -> None:
        ask(self, text)

    def pulse(self) -> None:
        """The sensor is active for half a second."""
        self.contact.set(True)
        self.run_for(500)
        self.contact.set(False)

    def told(self, number: str = OWNER) -> list[str]:
        """Return the first lines of the messages to a number since it was armed."""
        messages = self.network.messages[self.seen :]
        return [m.text.split("\n")[0] for m in messages if m.to == number]

    def called(self) -> list[str]:
        return [call.to for call in self.network.calls]

    def nothing_is_left(self) -> bool:
        """True if no call is under way, at either end."""
        return self.modem.calls.call is None and all(call.over for call in self.network.calls)


@pytest.mark.parametrize("alert", ["SMS", "SMSCHANGE", "OFF"])
def test_a_contact_that_flaps_for_hours(alert: str) -> None:
    house = House("ALERT=" + alert, numbers=(OWNER,))
    closed = False
    for second in range(0, 6 * HOUR // SECOND, 7):
        closed = not closed
        house.contact.set(closed)
        house.run_for(7 * SECOND)
        if second % 3600 < 7:
            house.run_for(13)  # not always at the same part of a second
    told = len(house.told())
    minutes = 6 * HOUR // MINUTE
    if alert == "OFF":
        assert told == 0
    else:
        assert minutes // 3 < told <= minutes
    # One for an alarm, one for a message that has left; not one for what is not sent.
    assert house.commits <= 2 * minutes + 10
    house.close()


def test_ten_numbers_that_never_answer() -> None:
    numbers = tuple(f"+316000000{i:02}" for i in range(1, 11))
    house = House("ALERT=CALL", numbers=numbers)
    began = house.now
    house.pulse()
    house.run_for(DAY)
    assert house.called() == list(numbers)
    assert house.nothing_is_left()
    first, last = house.network.calls[0], house.network.calls[-1]
    assert first.at - began <= 10 * SECOND
    assert last.at - first.at <= 9 * 30 * SECOND
    for number in numbers:
        assert house.told(number) == [ACTIVE]
    house.close()


@pytest.mark.parametrize("how", ["ignore", "answer", "unreachable"])
def test_the_button_ends_a_cycle_at_any_moment(how: str) -> None:
    """Pressed at every 150 ms of the first ten seconds; the answer comes after about 8 of them."""
    house = House("ALERT=CALL", "RELAYTIME=ON600")
    for number in (OWNER, FRIEND):
        house.network.treat_calls(number, how)
    for delay in range(150, 10_000, 150):
        calls = len(house.network.calls)
        house.contact.set(True)
        house.run_for(delay)
        house.button.press(100)
        house.run_for(5 * SECOND)
        assert house.nothing_is_left(), delay
        assert not house.relay_on, delay
        house.contact.set(False)
        house.run_for(40 * SECOND)
        # Unreachable takes 6 s: the second may have been begun by then.
        assert len(house.network.calls) - calls <= 1 + (how == "unreachable"), delay
        assert house.nothing_is_left(), delay
        house.say("ALARMON")
    states = {call.state for call in house.network.calls}
    assert "cancelled" in states
    assert {"answer": "ended", "unreachable": "unreachable"}.get(how, "cancelled") in states
    assert set(house.told()) == {"ALARMON - OK"} and house.told(FRIEND) == []
    house.close()


@pytest.mark.parametrize("what", ["chip", "power", "modem"])
def test_a_cut_at_any_moment_of_a_cycle(what: str) -> None:
    """No phone rings twice, and somebody is told."""
    house = House("ALERT=CALL")
    for delay in range(50, 62_000, 1_930):
        rang, seen = len(house.rang), len(house.network.messages)
        house.pulse()
        house.run_for(delay)
        if what == "chip":
            house.restart_chip()
        elif what == "modem":
            house.modem.restart()
        else:
            house.power_off()
            house.run_for(3 * SECOND)
            house.power_on()
        house.come_on_line()
        house.run_for(4 * MINUTE)
        called = Counter(house.rang[rang:])
        assert all(count == 1 for count in called.values()), (delay, called)
        told = Counter(message.to for message in house.network.messages[seen:])
        assert set(told) == {OWNER, FRIEND}, (delay, told)
        assert all(count <= 2 for count in told.values()), (delay, told)
        assert house.nothing_is_left(), delay
    house.close()
