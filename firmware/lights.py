# SPDX-License-Identifier: MIT
"""The LEDs: what each of them shows (manual chapter 15; spec chapter 6).

Patterns: steady, off, blinks per second (4/s) or per three seconds (1/3s); sim: 4 blinks in a
second, then 2 s steady; flash3: three flashes in 1.2 s.
"""

import asyncio

from powersocket import const

_FLASH = const(1200)  # ms of flash3
_BOOT = const(15_000)  # ms from switch-on in which OUT shows no fault: the modem is booting


class Lights:
    """device: the portable device; leds: name of an LED -> port with `show(pattern)`.

    patience: s that the modem's family takes longer to start than a SIM800L.
    """

    def __init__(self, device, leds, patience):
        self._device = device
        self._patience = patience
        self._leds = leds
        self._shown = {}
        self._held = ""  # the pattern that the button has set
        self._flashing = False
        self._task = None  # ends the flashes

    def show(self):
        """Give every LED its present pattern."""
        if self._device.switched_on:
            self._device.switched_on = False
            self._flashing = True
            if self._task is not None:
                self._task.cancel()
            self._task = asyncio.create_task(self._end_flashes())
        together = self._held or ("1/s" if self._device.button.asking else "")
        if not together and self._flashing:
            together = "flash3"
        wanted = patterns(self._device, together)
        for name in wanted:
            if name in self._leds and self._shown.get(name) != wanted[name]:
                self._leds[name].show(wanted[name])
        self._shown = wanted

    def hold(self, pattern):
        """Make all LEDs but GSM show one pattern; "" gives them their own again."""
        self._held = pattern
        self.show()

    async def _end_flashes(self):
        """After switch-on, end the flashes, and later the time in which the modem boots."""
        await asyncio.sleep(_FLASH / 1000)
        self._flashing = False
        self.show()
        await asyncio.sleep((_BOOT - _FLASH) / 1000 + self._patience)
        self._device.booting = False
        self._task = None
        self.show()


def patterns(device, together=""):
    """Return the pattern of each LED as a dict of LED name and pattern.

    together: one pattern for all LEDs but GSM, as at switch-on and during a factory reset.
    """
    modem, alarm, microphone = device.modem, device.alarm, device.microphone
    sim_trouble = modem.alive and modem.sim not in ("", "READY")
    power = "steady"
    if device.on_battery:
        power = "off"
    elif sim_trouble:
        power = "sim"
    elif alarm is not None and alarm.enabled:
        power = "4/s" if alarm.active else "1/s"
    out = "steady" if device.socket.on else "off"
    if (sim_trouble or not modem.alive) and not device.booting:
        out = "4/s"
    gsm = "off"
    if modem.alive:
        gsm = "1/3s" if modem.registered else "1/s"
    found = {"power": together or power, "gsm": gsm, "out": together or out}
    if microphone is not None:
        state = "steady" if microphone.open else "1/s" if microphone.calling else "off"
        found["microphone"] = together or state
    return found
