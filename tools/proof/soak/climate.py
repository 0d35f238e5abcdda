# SPDX-License-Identifier: MIT
"""The model of the thermostat and the temperature alerts (specification, chapter 4)."""

from __future__ import annotations

from fractions import Fraction

from tools.proof.soak.house import House
from tools.proof.soak.values import celsius_of, reading_text

FAILED_AFTER = 3
NEAR = 2_500  # a rule and a reading this close (ms) may have acted in either order


class Climate:
    """What each reading has to cause.

    Attributes:
        raw: the last good reading in sixteenths of a degree; None: none since the start.
        recent: (time, text) of what TEMPERATURE could have said lately.
        acted, ruled: when the thermostat looked at the socket last, and when a rule ordered it.
    """

    def __init__(self, house: House) -> None:
        self.house = house
        self.told = {"TRISEALERT": False, "TFALLALERT": False}
        self.fail_told: bool | None = False
        self.changed = False
        self.recent: list[tuple[int, str]] = []
        self.acted = self.ruled = -100_000
        self.started()

    def started(self) -> None:
        """The chip has started: no reading is known."""
        self.raw: int | None = None
        self.fails = 0
        self._note()

    def setting_changed(self, name: str) -> None:
        """A Conf command about temperatures was carried out."""
        if name in self.told:
            self.told[name] = False
        else:
            self.changed = True
            if self.fails < FAILED_AFTER:
                self.fail_told = False

    @property
    def text(self) -> str:
        """Return what the device shows."""
        if self.raw is None or self.fails >= FAILED_AFTER:
            return "No sensor"
        return reading_text(self.raw)

    def _note(self) -> None:
        now = self.house.now
        self.recent = [entry for entry in self.recent[-3:] if entry[0] > now - 300_000]
        self.recent.append((now, self.text))

    def reading(self, answer: str) -> None:
        """The sensor has answered: sixteenths of a degree, or how it failed."""
        if answer.startswith("!"):
            self.fails += 1
        else:
            if self.fails >= FAILED_AFTER and self.changed:
                self.fail_told = False
            self.fails, self.raw = 0, int(answer)
        self._note()
        if self.fails >= FAILED_AFTER:
            self._failed()
        elif self.raw is not None:
            celsius = Fraction(self.raw, 16)
            self._thermostat(celsius)
            self._edge("TRISEALERT", celsius, 1)
            self._edge("TFALLALERT", celsius, -1)

    def _failed(self) -> None:
        house = self.house
        if not (house.thermostat and house.on("TSENSFAILALERT") and house.alertnumbers):
            return
        if self.fail_told is not True:
            house.alert("Temperature sensor failed!", required=self.fail_told is False)
            self.fail_told, self.changed = True, False

    def _thermostat(self, celsius: Fraction) -> None:
        house = self.house
        if not house.thermostat:
            return
        if house.held and not house.unsettled:
            return
        self.acted = house.now
        if house.unsettled or house.now - max(self.ruled, house.let_go) < NEAR:
            house.order(None)  # which came last?
            self._maybe_off(celsius)
            return
        off = self._off(celsius)
        if house.relay is not None and house.relay != off:
            return
        unknown = house.relay is None
        timer = house.timer
        if unknown and timer is not None:
            timer = (timer[0], timer[1], "unknown")
        house.order(not off, timer if unknown else None)
        if off and house.on("SWITCHOFFALERT"):
            house.alert(self._reached, required=not unknown and house.relay is not None)

    def rule_acted(self) -> None:
        """A rule has ordered the socket, before or after a reading of the same moment."""
        self.ruled = self.house.now
        if self._near:
            self.house.order(None)
            self.order_acted()

    def order_acted(self, certain: bool = True) -> None:
        """Something has ordered the socket; a reading next to it may have switched it off again.

        certain: the reading was that of a moment ago, and the thermostat was enabled then.
        """
        if (self._near or not certain) and self.raw is not None:
            self._maybe_off(Fraction(self.raw, 16))

    @property
    def _near(self) -> bool:
        return self.house.thermostat and self.house.now - self.acted < NEAR

    def _maybe_off(self, celsius: Fraction) -> None:
        if self._off(celsius) and self.house.on("SWITCHOFFALERT"):
            self.house.alert(self._reached, required=False)

    def _off(self, celsius: Fraction) -> bool:
        limit = celsius_of(self.house.settings["SWITCHOFFTEMP"])
        heating = self.house.settings["THERMOSTAT"] == "HEATING"
        return celsius >= limit if heating else celsius <= limit

    @property
    def _reached(self) -> str:
        return f"Switch-off temperature reached! TEMP: {self.text}\nPower socket OFF"

    def _edge(self, name: str, celsius: Fraction, sign: int) -> None:
        house = self.house
        setting = house.settings[name]
        if setting == "OFF":
            return
        beyond = (celsius - celsius_of(setting)) * sign
        if beyond > 0 and not self.told[name] and house.alertnumbers:
            word = "rise" if sign > 0 else "fall"
            house.alert(f"Temperature {word} alert! TEMP: {self.text}")
            self.told[name] = True
        elif beyond <= -1:
            self.told[name] = False
