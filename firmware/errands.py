"""Does the device's errands with the modem, one at a time."""

import asyncio


class Runner:
    """app: the application; link: knows whether the modem can be used.

    kinds: name of an errand -> async function of its argument that returns a result, never None,
    and raises nothing: each has its own bound of time. Cancelled, it leaves nothing running.
    held: tells of an errand whether it has to wait.
    """

    def __init__(self, app, link, kinds, held):
        self._app = app
        self._link = link
        self._kinds = kinds
        self._held = held
        self._errand = None  # under way ..
        self._task: asyncio.Task | None = None  # .. and who does it
        self.beats = 0
        self.wanted = asyncio.Event()

    async def run_forever(self):
        """Run errands, for ever. `wanted` is set whenever there may be something to do."""
        errands = self._app.device.errands
        while True:
            self.beats += 1
            errand = errands.first()
            if errand is None or not self._link.online or self._held(errand):
                await self.wanted.wait()
                self.wanted.clear()
                continue
            errands.begin(errand)
            self._app.settle()
            result = await self._do(errand)
            if result is not None:
                errands.done(errand, result, self._app.now())
            self._app.settle()

    def obey(self):
        """End the errand under way at once if the device has dropped it."""
        task, entries = self._task, self._app.device.errands.entries
        if task is not None and self._errand not in entries:
            self._task = None
            task.cancel()

    async def _do(self, errand):
        """Return the result of an errand, None if it was dropped meanwhile."""
        kind = self._kinds.get(errand[0])
        if kind is None:
            return ""
        self._errand = errand
        self._task = task = asyncio.create_task(kind(errand[1]))
        try:
            result = await task
        except asyncio.CancelledError:
            if self._task is not None:
                raise  # it is this task that is to end
            return None
        if self._task is None:
            return None
        self._task = None
        return result
