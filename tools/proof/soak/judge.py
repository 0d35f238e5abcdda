# SPDX-License-Identifier: MIT
"""Watches a world from outside and holds what happens against the model of the manual."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from tools.bench.modem.sim_card import Storage, StoredMessage
from tools.bench.world.world import World
from tools.proof.soak.agenda import Agenda
from tools.proof.soak.climate import Climate
from tools.proof.soak.events import Doubt, Failed, Letter, Owed
from tools.proof.soak.health import Health
from tools.proof.soak.house import MINUTE, SECOND, House, address
from tools.proof.soak.orders import Orders
from tools.proof.soak.sensor import NEAR, Sensor
from tools.proof.soak.telephone import Telephone

HOUR = 60 * MINUTE
CLOSE = 3 * SECOND  # what is this close may have been seen in either order
SENDING = 3_000  # what a message takes from the modem to a phone, ms
NEARLY = timedelta(seconds=8)
OLD = "+358400000000"


class Watched(Storage):
    """The SIM's storage, which tells who watches it."""

    def __init__(self, judge: Judge, old: Storage) -> None:
        super().__init__(old.capacity)
        self.slots = old.slots
        self._judge = judge

    def add(self, message: StoredMessage) -> int | None:
        index = super().add(message)
        if index is not None:
            self._judge.stored(message.pdu)
        return index

    def delete(self, index: int) -> None:
        message = self.slots.get(index)
        super().delete(index)
        if message is not None:
            self._judge.deleted(message.pdu)


class Judge:
    """The model and its eyes.

    Attributes:
        judged: how many things were held against the model, by kind.
        largest: the largest record that was committed; busiest: the most moves of the relay in
            an hour.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.house = House(world)
        self.climate = Climate(self.house)
        self.sensor = Sensor(self.house)
        self.agenda = Agenda(self.house, self._inform)
        self.agenda.alarm = self._alarm_rule
        self.agenda.ordered = self.climate.rule_acted
        self.orders = Orders(self.house, self.climate, self.sensor, self.agenda)
        self.telephone = Telephone(self)
        self.health = Health(self)
        self.judged = {"messages": 0, "optional": 0, "moves": 0, "commands": 0, "ignored": 0}
        self.largest = self.busiest = 0
        self.letters: dict[bytes, Letter] = {}
        self._came = 0
        self._strange: list[tuple[int, str, str]] = []
        self._sent_alerts: list[tuple[int, str, str]] = []
        self._repeats: list[tuple[int, str]] = []
        self._physical = -100_000
        self._mismatch: int | None = None
        self._edges: list[int] = []
        self._moves: list[int] = []
        self._commits: list[int] = []
        self._boots = 0
        self._resetting = False
        self._disabled = -100_000
        self._fault: Exception | None = None
        self._next = 0
        self._due = 0
        world.sim.storage = Watched(self, world.sim.storage)
        world.observe(self._guarded)

    # -- messages to the device -----------------------------------------------------------------

    def sent(self, sender: str, text: str, pdus: list[bytes]) -> None:
        """A message is on its way to the device."""
        if pdus[0] not in self.letters:
            letter = Letter(sender, text, len(pdus))
            self.letters.update(dict.fromkeys(pdus, letter))

    def stored(self, pdu: bytes) -> None:
        """A message has come into the SIM."""
        letter = self.letters.get(pdu)
        if letter is None:
            letter = self.letters[pdu] = Letter(OLD, "An old message", 1, stray=True)
        letter.in_sim += 1
        letter.arrived = self.world.now

    def deleted(self, pdu: bytes) -> None:
        """The device has deleted a message: it has dealt with it."""
        letter = self.letters[pdu]
        letter.in_sim -= 1
        self._catch(lambda: self._execute(letter))

    def _execute(self, letter: Letter) -> None:
        if letter.done and not letter.stray:
            return
        house, orders = self.house, self.orders
        owed, executed, moved = len(house.owed), orders.executed, len(house.orders)
        last = house.orders[-1] if house.orders else -1
        orders.execute(letter)
        acted = orders.executed > executed
        letter.done = acted or len(house.owed) > owed
        self.judged["commands" if acted else "ignored"] += 1
        ordered = len(house.orders) != moved or (house.orders and house.orders[-1] != last)
        late = self.health.disturbed_since(letter.arrived or 0)
        if ordered and (self._physical > house.now - CLOSE or (late and house.timer is not None)):
            timer = house.timer
            self._lose_relay(None if timer is None else timer[0])
            self.climate.order_acted()
        if late and re.search("THERMO|SWITCHOFF|TRISE|TFALL|TSENS", letter.text.upper()):
            raise Doubt("an order about temperatures, cut off")
        if self._read_after_commit(letter):
            if re.search("THERMO|SWITCHOFF", letter.text.upper()):
                self._lose_relay(None if house.timer is None else house.timer[0])
                self.climate.order_acted(certain=False)
            elif re.search("TRISE|TFALL|TSENS", letter.text.upper()):
                raise Doubt("an order about temperatures, and a reading before its deletion")
        if late and re.search("ALARM|ALERT|SENSOR", letter.text.upper()):
            self.sensor.blur()
        if late:
            # Carried out before the disturbance, maybe, and deleted after it.
            for entry in house.owed[owed:]:
                entry.required = False

    def _read_after_commit(self, letter: Letter) -> bool:
        """True if there was a reading when this letter may have been carried out, not deleted."""
        read, arrived = self.health.read_at, letter.arrived or 0
        return any(arrived <= at < read for at in self._commits)

    def _lose_relay(self, end: int | None) -> None:
        """Nobody can tell where the relay is, nor, until `end`, whether a timer runs."""
        house = self.house
        house.order(None, None if end is None else (end + 90 * SECOND, False, "unknown"))

    @property
    def pending(self) -> list[Letter]:
        """Return messages in the SIM that the model has not carried out."""
        return [x for x in set_of(self.letters) if x.in_sim > 0 and not x.done]

    # -- messages from the device ---------------------------------------------------------------

    def _look_at_messages(self) -> None:
        messages = self.world.network.messages
        while self._came < len(messages):
            message = messages[self._came]
            self._came += 1
            if not self._expected(message.to, message.text):
                self._strange.append((self.world.now, message.to, message.text))
        for entry in list(self._strange):
            at, to, text = entry
            if self._expected(to, text):
                self._strange.remove(entry)
            elif self.world.now > at + (
                3 * MINUTE if any(letter.sender == to for letter in self.pending) else 8 * SECOND
            ):  # if its deletion failed, the answer comes before the next try
                raise Failed(f"a message that nothing calls for, to {to}: {text!r}")

    def _expected(self, to: str, text: str) -> bool:
        calling = bool(self.sensor.calls) and not self.health.calm(self.sensor.began)
        if calling and text.startswith("ALARM!"):
            self.sensor.disturbed()  # calls that the modem did not even begin
        if self._take(to, text):
            return True
        alarm = text.startswith("ALARM!") and not self._silent
        if alarm and not self.sensor.hazy and self._delayed(text):
            self.judged["optional"] += 1
            return True
        if alarm and self.sensor.hazy:
            self.judged["optional"] += 1
            self._repeats = [*self._repeats[-11:], (self.world.now, to)]
            same = [at for at, who in self._repeats if who == to]
            if (
                len(same) > 10
                and same[-1] - same[-11] < 4 * MINUTE
                and self.health.calm(same[-1] - HOUR)
            ):
                raise Failed(f"more than one alarm a minute to {to}")
            return True
        if self._again(to, text):
            self.judged["optional"] += 1
            return True
        return False

    def _again(self, to: str, text: str) -> bool:
        """True if an alert was sent before, perhaps in vain."""
        return any(
            (number, alert) == (to, text) and self.health.disturbed_since(at - 2 * MINUTE)
            for at, number, alert in self._sent_alerts
        )

    def _delayed(self, text: str) -> bool:
        """True if an alarm is of a time in which none could be sent, and has waited since."""
        time = text.partition("\nTime: ")[2]
        for since, end in self.sensor.hazes:
            if not self.health.disturbed_since(since):
                continue
            first, last = self.house.local(since), self.house.local(end)
            if not time or first is None or last is None:
                if end > self.world.now - 2 * HOUR:
                    return True
                continue
            told = datetime.strptime(time, "%y/%m/%d,%H:%M:%S")
            early, late = first.replace(tzinfo=None) - NEARLY, last.replace(tzinfo=None) + NEARLY
            if early <= told <= late:
                return True
        return False

    @property
    def _silent(self) -> bool:
        """True if ALERT has been OFF for so long that no older alarm can be on its way."""
        since = self.world.now - HOUR
        off = self.house.settings["ALERT"] == "OFF"
        return off and self.sensor.armed < since and self.health.calm(since)

    def _take(self, to: str, text: str) -> bool:
        """Find what was owed and is this message; return False if nothing was."""
        house = self.house
        found = [o for o in house.owed if o.to == to and o.pattern.fullmatch(text)]
        if not found:
            return False
        owed = min(found, key=lambda o: self._unlikely(o, text))
        hazy = text.startswith("ALARM!") and self.sensor.hazy and owed.local is not None
        if self._unlikely(owed, text)[0] > 8 and (hazy or self._again(to, text)):
            return False  # another alarm's, or a copy of one that was sent before
        house.owed.remove(owed)
        self.judged["messages" if owed.required else "optional"] += 1
        if owed.kind == "alert":
            self._sent_alerts = [*self._sent_alerts[-40:], (owed.at, to, text)]
        match = owed.pattern.fullmatch(text)
        assert match is not None
        self._check_time(owed, match)
        return True

    @staticmethod
    def _unlikely(owed: Owed, text: str) -> tuple[float, bool]:
        """Return a measure of how badly a message fits: by its time, then by need."""
        _, line, time = text.rpartition("\nTime: ")
        if not line or owed.local is None:
            return (30 if line else 0), not owed.required
        told = datetime.strptime(time, "%y/%m/%d,%H:%M:%S")
        return abs((told - owed.local.replace(tzinfo=None)).total_seconds()), not owed.required

    def _check_time(self, owed: Owed, match: re.Match[str]) -> None:
        groups = match.groupdict()
        if "signal" in groups:
            self.health.check_signal(groups["signal"])
        fresh = owed.alarm and owed.event is not None and self.house.now - owed.event < 30 * SECOND
        if fresh and owed.local is None and owed.event is not None:
            first = owed.to == address((self.house.alertnumbers or ["?"])[0])
            left = self.house.now - SENDING - owed.event
            if first and 0 < left < 8 * SECOND:
                self.sensor.told(left, owed.event)
        if owed.local is None or "time" not in groups or not owed.required:
            return
        if groups["time"] is None:
            raise Failed(f"an alert without its time: {match[0]!r}")
        told = datetime.strptime(groups["time"], "%y/%m/%d,%H:%M:%S")
        late = (told - owed.local.replace(tzinfo=None)).total_seconds()
        if fresh and owed.event is not None:
            self.sensor.told(int(late * SECOND), owed.event)
        if abs(late) > 8:
            raise Failed(f"the time of an alert is wrong by {late:.0f} s: {match[0]!r}")

    # -- what can be seen of the board ----------------------------------------------------------

    def _guarded(self, kind: str, text: str) -> None:
        self._catch(lambda: self._seen(kind, text))

    def _catch(self, do: object) -> None:
        """A verdict must not fly through the device: it is kept for the next tick."""
        assert callable(do)
        try:
            do()
        except (Failed, Doubt) as verdict:
            self._fault = self._fault or verdict

    def _seen(self, kind: str, text: str) -> None:
        handler = getattr(self, "_on_" + kind, None)
        if handler is not None:
            handler(text)

    @property
    def running(self) -> bool:
        """True while the program on the chip sees its inputs."""
        return self.world.chip.occupied and not self._resetting

    def _on_thermometer(self, answer: str) -> None:
        if self.running:
            self._physically(lambda: self.climate.reading(answer))
            if self.house.thermostat:
                self._physical = self.house.now
            self.health.read_at = self.world.now

    def _on_contact(self, level: str) -> None:
        if self.running:
            self._physically(lambda: self.sensor.contact(level == "1"))

    def _on_button(self, held: str) -> None:
        if not self.running:
            return
        if int(held) >= 10_000:
            self._resetting = True
            self.health.disturb()
        elif int(held) <= 2_000:
            if any(x.text.upper().strip().endswith(("ALARMON", "ALARMOFF")) for x in self.pending):
                raise Doubt("the button, and an order to the ALARM function")
            if self.house.enabled:
                self._disabled = self.world.now
                self._physically(self.sensor.off)
            else:
                self._physically(self.house.toggle)

    def _physically(self, do: object) -> None:
        """Something happens that is no message: its order among messages is not certain."""
        assert callable(do)
        house = self.house
        moved = list(house.orders)
        do()
        if house.orders != moved:
            self._physical = house.now
            if any((x.arrived or 0) > house.now - 60_000 for x in self.pending):
                self._lose_relay(None if house.timer is None else house.timer[0])

    def _on_mains(self, level: str) -> None:
        house = self.house
        self.health.noticed()
        if self.world.asleep or not self.world.powered:
            house.mains_lost = None if level == "1" else house.now
        elif not self.running:
            raise Doubt("the mains changed while the chip was starting")
        elif level == "0":
            house.mains_lost, house.failure_told = house.now, False
        else:
            lost, house.mains_lost = house.mains_lost, None
            if lost is not None and house.now - lost >= 2 * SECOND:
                house.power_comes()
                if house.on("POWERALERT"):
                    house.alert("Power restored!")

    def _on_power(self, level: str) -> None:
        self.health.disturb()
        if level == "off":
            self._interrupted()
            self.agenda.power_lost()
            self.house.mains_lost = None
        self._cause = "power"

    def _on_restart(self, cause: str) -> None:
        self._interrupted()
        if cause != "wake" and not self._resetting and not self.health.restart_allowed():
            raise Failed(f"the chip restarted by itself: {cause}")
        self.health.disturb()
        self._cause = cause

    def _on_crash(self, text: str) -> None:
        raise Failed("the firmware crashed: " + text.replace("|", "\n"))

    def _on_sleep(self, text: str) -> None:
        if self.world.mains.on:
            return  # it wakes at once
        if self.house.mains_lost is None:
            raise Failed("it sleeps though there is power")
        self.health.fell_asleep()

    def _on_call(self, text: str) -> None:
        way, number, state = text.split(" ", 2)
        self.telephone.changed(way == "out", number, state)

    def _on_uart_tx(self, text: str) -> None:
        if text.startswith("ATH"):
            self.telephone.hung_up = self.world.now

    def _on_relay(self, level: str) -> None:
        now = self.world.now
        self._edges.append(now)
        self._moves = [*(at for at in self._moves if at > now - HOUR), now]
        self.judged["moves"] += 1
        self.busiest = max(self.busiest, len(self._moves))

    def _on_commit(self, text: str) -> None:
        # The thermostat writes too when it moves the socket.
        if self.running and self.health.read_at != self.world.now:
            self._physically(lambda: self.sensor.check(committed=True))
        self._commits = [*self._commits[-20:], self.world.now]
        self.largest = max(self.largest, int(text.split()[1]))
        if self.largest > 12_000:
            raise Failed(f"a record of {self.largest} bytes")

    def _interrupted(self) -> None:
        """The chip ends here: what began in the last moments may be done or not."""
        house, now = self.house, self.world.now
        for owed in house.owed:
            if owed.at > now - CLOSE:
                owed.required = False
        if house.orders and house.orders[-1] > now - CLOSE:
            self._lose_relay(None if house.timer is None else house.timer[0])
        if any(at > now - CLOSE for at in self.sensor.changes):
            self.sensor.blur()
        if self._disabled > now - CLOSE:
            raise Doubt("the button disables the ALARM function, and the power goes")
        self.telephone.interrupted()

    # -- as time goes on ------------------------------------------------------------------------

    def tick(self) -> bool:
        """Look at the world after each instant; raises Failed or Doubt. Returns False."""
        if self._fault is not None:
            raise self._fault
        if self.world.boots != self._boots:
            self._boots = self.world.boots
            self._started()
        now = self.world.now
        if self._came < len(self.world.network.messages) or self._strange:
            self._look_at_messages()
        if now < self._next and now < self._due:
            return False
        self._next = now + 500
        if self.running:
            self._deadlines()
        self._check_relay()
        self.health.tick()
        self._look_again()
        if self._fault is not None:
            raise self._fault
        return False

    def _look_again(self) -> None:
        """Make sure that there is an instant when something of the model is due."""
        house, now = self.house, self.world.now
        due = [now + MINUTE]
        if house.timer is not None:
            due.append(house.timer[0])
        if house.enabled and self.sensor.ready is not None:
            due += [self.sensor.ready, self.sensor.ready + NEAR]
        if house.mains_lost is not None:
            due.append(house.mains_lost + 2 * SECOND)
        if self._strange:
            due.append(now + SECOND)
        if house.rules:
            due.append(now - now % SECOND + SECOND if self.agenda.near() else now + 20 * SECOND)
        if self._mismatch is not None or self._edges:
            due.append(now + SECOND)
        following = min(t for t in due if t > now)
        if self._due <= now or following < self._due:
            self._due = following
            self.world.kernel.at(following, lambda: None)

    def _started(self) -> None:
        house, world = self.house, self.world
        self.climate.started()
        self.orders.restarted = world.now
        if self._resetting:
            self._resetting = False
            house.defaults()
            self._forget()
            house.order(False)
            house.window_end = world.now + 30 * MINUTE
            self.sensor.start(world.contact.stable, arm=True)
            return
        if self._cause in ("power", "wake"):
            house.power_comes()
            if house.on("POWERALERT"):
                house.alert("Power restored!", required=self.health.boots_sure)
            house.mains_lost = None
        self.sensor.start(world.contact.stable, self._cause in ("power", "wake"))
        self.agenda.started()

    def _forget(self) -> None:
        for owed in self.house.owed:
            owed.required = False
        self.orders.guesses.clear()
        self.orders.trusted.clear()
        told = self.climate.told
        told.update(dict.fromkeys(told, False))
        self.climate.fail_told = None

    def _deadlines(self) -> None:
        house, now = self.house, self.world.now
        timer = house.timer
        if timer is not None and now >= timer[0]:
            self._physically(house.end_timer)
        self._physically(self.sensor.check)
        self.sensor.clear()
        self._physically(self.agenda.tick)
        if self.health.calm(now - 3 * MINUTE):
            self.agenda.network_time()
        lost = house.mains_lost
        if lost is not None and not house.failure_told and now - lost >= 2 * SECOND:
            house.failure_told = True
            if house.on("POWERALERT"):
                house.alert("Power failed!", event=lost)

    def _check_relay(self) -> None:
        house, world, now = self.house, self.world, self.world.now
        pin = world.relay_on
        open_letters = bool(self._edges or self._mismatch or house.relay is None) and self.pending
        unknown = house.timer is not None and house.timer[2] == "unknown"
        if self.sensor.vague and house.enabled and house.settings["RELAYTIME"] != "0":
            unknown, house.relay = True, None
        if house.relay is None and not unknown:
            quiet = not house.orders or house.orders[-1] < now - 15 * SECOND
            if quiet and house.timer is None and self.running and not open_letters:
                house.relay = pin
        if not self.running or unknown or house.relay in (None, pin):
            self._mismatch = None
        elif self._mismatch is None:
            self._mismatch = now
        elif now - self._mismatch > 4 * SECOND and not (
            open_letters and now - self._mismatch < 4 * MINUTE
        ):
            raise Failed(f"the socket is {'on' if pin else 'off'} and must not be")
        while self._edges and self._edges[0] < now - 6 * SECOND and not open_letters:
            edge = self._edges.pop(0)
            caused = any(abs(at - edge) < 6_500 for at in house.orders)
            vague = unknown or house.relay is None or self.health.disturbed_since(edge - MINUTE)
            vague = vague or self.sensor.hazy
            if not caused and not vague:
                raise Failed("the socket moved and nothing had asked for it")

    # -- what rules cause -----------------------------------------------------------------------

    def _inform(self) -> None:
        """INF: the STATUS text to all alert numbers."""
        pattern = self.orders.status()
        for number in self.house.alertnumbers:
            to = address(number)
            self.house.owe(Owed(to, pattern, "STATUS (INF)", "alert", self.world.now))

    def _alarm_rule(self, on: bool) -> None:
        if not on:
            self.sensor.off()
        elif not self.house.enabled:
            self.house.enabled = True
            self.sensor.arm()


def set_of(letters: dict[bytes, Letter]) -> list[Letter]:
    """Return each letter once, in the order in which they were sent."""
    return list({id(x): x for x in letters.values()}.values())
