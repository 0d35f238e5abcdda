"""Does the device's errands with the modem, one at a time."""

import asyncio


class Runner:
    """app: the application; link: knows whether the modem can be used.

    kinds: name of an errand -> async function of its argument that returns a result, never None,
    and raises nothing: each has its own bound of time.
    """

    def __init__(self, app, link, kinds):
        self._app = app
        self._link = link
        self._kinds = kinds
        self.wanted = asyncio.Event()

    async def run_forever(self):
        """Run errands, for ever. `wanted` is set whenever there may be something to do."""
        errands = self._app.device.errands
        while True:
            errand = errands.first()
            if errand is None or not self._link.online:
                await self.wanted.wait()
                self.wanted.clear()
                continue
            errands.begin(errand)
            self._app.settle()
            kind = self._kinds.get(errand[0])
            result = "" if kind is None else await kind(errand[1])
            errands.done(errand, result, self._app.now())
            self._app.settle()
