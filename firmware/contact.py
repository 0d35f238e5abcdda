"""Hands the sensor input to the device: its loop, and whether its jack is plugged in."""


class ContactWatch:
    """app: the application; contact: a port with `value` and `await changed()`, debounced."""

    def __init__(self, app, contact):
        self._app = app
        self._contact = contact

    async def run_forever(self):
        """Watch, for ever."""
        while True:
            self._app.device.contact(self._contact.value, self._app.now())
            self._app.settle()
            await self._contact.changed()


class JackWatch:
    """app: the application; jack: a port like the contact's, True while the jack is plugged in."""

    def __init__(self, app, jack):
        self._app = app
        self._jack = jack

    async def run_forever(self):
        """Watch, for ever."""
        while True:
            self._app.device.sensor_plugged = self._jack.value
            await self._jack.changed()
