"""Takes calls to the device: those that do something are rejected, the others ring on."""

from sim800.calls import INCOMING


class Incoming:
    """app: the application; modem: who is called."""

    def __init__(self, app, modem):
        self._app = app
        self._modem = modem

    async def run_forever(self):
        """Take calls, for ever. What a call does is done, and on flash, before it is rejected."""
        calls = self._modem.calls
        taker = self._app.device.calls
        while True:
            caller = await calls.incoming()
            if not taker.acts(caller):
                self._app.log("call: ignored")
                continue
            taker.take(caller, self._app.now())
            self._app.settle()
            if calls.state != INCOMING or await calls.reject():
                taker.over()
                self._app.settle(lazily=True)
