"""Hands the sensor input's loop to the device: at the start, and at every stable change."""


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
