"""Shows the state of the device on the LEDs, and before that what concerns all of them."""

import asyncio

from powersocket import indicators
from sim800.link import bounded


class Lights:
    """device: the portable device; leds: name of an LED -> port with `show(pattern)`."""

    def __init__(self, device, leds):
        self._device = device
        self._leds = leds
        self._shown = {}
        self._held = ""  # a pattern that the button wants
        self._flashing = asyncio.Event()

    def show(self):
        """Give every LED the pattern that it has to have now."""
        if self._device.switched_on:
            self._device.switched_on = False
            self._flashing.set()
        together = self._held or (indicators.ONCE if self._device.button.asking else "")
        if not together and self._flashing.is_set():
            together = indicators.FLASH
        patterns = indicators.patterns(self._device, together)
        for name in patterns:
            if name in self._leds and self._shown.get(name) != patterns[name]:
                self._leds[name].show(patterns[name])
        self._shown = patterns

    def hold(self, pattern):
        """Have all LEDs but GSM show a pattern together; "": their own again."""
        self._held = pattern
        self.show()

    async def run_forever(self):
        """End the flashes of a switching on, then the time for which the modem may boot."""
        rest = indicators.BOOT_MS - indicators.FLASH_MS
        while True:
            await self._flashing.wait()
            await asyncio.sleep(indicators.FLASH_MS / 1000)
            self._flashing.clear()
            self.show()
            if not await bounded(self._flashing, rest / 1000):
                self._device.booting = False
                self.show()
