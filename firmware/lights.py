"""The LEDs: what each of them shows (manual chapter 15; spec chapter 6).

Patterns: steady, off, so often a second (4/s) or in seconds (1/3s); sim: 4 blinks in a second,
then 2 s steady; flash3: three flashes in 1.2 s.
"""

import asyncio

from powersocket import const

_FLASH = const(1200)  # ms of flash3
_BOOT = const(15_000)  # ms from switch-on: the modem boots, and OUT shows no trouble with it


class Lights:
    """device: the portable device; leds: name of an LED -> port with `show(pattern)`."""

    def __init__(self, device, leds):
        self._device = device
        self._leds = leds
        self._shown = {}
        self._held = ""  # a pattern that the button wants
        self._flashing = False
        self._task = None  # which ends the flashes

    def show(self):
        """Give every LED the pattern that it has to have now."""
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
        """Have all LEDs but GSM show a pattern together; "": their own again."""
        self._held = pattern
        self.show()

    async def _end_flashes(self):
        """End the flashes of a switching on, then the time in which the modem may boot."""
        await asyncio.sleep(_FLASH / 1000)
        self._flashing = False
        self.show()
        await asyncio.sleep((_BOOT - _FLASH) / 1000)
        self._device.booting = False
        self._task = None
        self.show()


def patterns(device, together=""):
    """Return the pattern of each LED as a dict of LED name and pattern.

    together: what all but GSM show instead of theirs: at switch-on, during a factory reset.
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
