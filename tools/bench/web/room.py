# SPDX-License-Identifier: MIT
"""A room around the thermometer: what is plugged into the socket heats or cools it.

Two masses, the appliance and the room, so that the temperature runs on for a while after the
switching, as it does in life: that makes a thermostat's saw-tooth.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.bench.scenario.steps import SetTemperature

if TYPE_CHECKING:
    from tools.bench.world.world import World

STEP_MS = 30_000
APPLIANCES = {"none": 0.0, "heater": 60.0, "cooler": -60.0}  # K to which it warms itself at most
APPLIANCE_MIN = 8.0  # minutes, time constant of the appliance itself
COUPLING_MIN = 120.0  # .. of the room by the appliance
LOSS_MIN = 180.0  # .. of the room by what is outside
TOLD_K = 1 / 16  # a change of so much is told: what a DS18B20 can tell apart


class Room:
    """Moves `world.thermometer.celsius`. Everything but `set` runs in the world's thread.

    Attributes:
        appliance: a key of APPLIANCES.
        outside: Celsius.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.appliance = "none"
        self.outside = 5.0
        self._warmth = 0.0  # K of the appliance over the room
        self._exact = world.thermometer.celsius
        self._shown = self._exact
        world.kernel.after(STEP_MS, self._tick)

    def set(self, appliance: str, outside: float) -> None:
        """Plug something in.

        Raises:
            ValueError: no such appliance, or not a temperature.
        """
        if appliance not in APPLIANCES or not -50 <= outside <= 60:
            raise ValueError(f"no room with {appliance} and {outside} C outside")
        self.appliance, self.outside = appliance, outside

    def _tick(self) -> None:
        self._world.kernel.after(STEP_MS, self._tick)
        if self.appliance == "none":
            self._warmth = 0.0
            return
        thermometer = self._world.thermometer
        if thermometer.celsius != self._shown:  # somebody has set it
            self._exact = self._shown = thermometer.celsius
        minutes = STEP_MS / 60_000
        heats = self._world.relay_on and self._world.mains.on
        goal = APPLIANCES[self.appliance] if heats else 0.0
        self._warmth += (goal - self._warmth) * minutes / APPLIANCE_MIN
        gain = self._warmth / COUPLING_MIN
        loss = (self._exact - self.outside) / LOSS_MIN
        self._exact += (gain - loss) * minutes
        if thermometer.fault is None and abs(self._exact - self._shown) >= TOLD_K:
            self._shown = thermometer.celsius = round(self._exact, 2)
            self._world.notify("room", SetTemperature(self._shown).render())
