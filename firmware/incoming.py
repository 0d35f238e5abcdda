"""Takes calls to the device: those that do something are rejected, the others ring on."""

from sim800.calls import INCOMING


class Incoming:
    """app: the application; modem: who is called; talk: what goes on with an answered call."""

    def __init__(self, app, modem, talk):
        self._app = app
        self._modem = modem
        self._talk = talk

    async def run_forever(self):
        """Take calls, for ever. What a call does is done, and on flash, before it is rejected."""
        calls = self._modem.calls
        taker = self._app.device.calls
        while True:
            caller = await calls.incoming()
            if not taker.acts(caller):
                self._app.log("call: ignored")
                continue
            if taker.take(caller, self._app.now()):
                if await calls.answer():
                    self._talk.begin()
                continue
            self._app.settle()
            if calls.state != INCOMING or await calls.reject():
                taker.over()
                self._app.settle(lazily=True)
