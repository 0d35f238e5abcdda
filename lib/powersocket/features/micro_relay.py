"""The micro relay of the GSM 706 and 707 (manual 70x, chapters 4.1 and 4.2; spec chapter 5)."""

from powersocket.commands import CTRL, PLAIN
from powersocket.features.relay import Relay, word


class MicroRelay(Relay):
    """A second, small relay. After a loss of power it is off."""

    section = "micro"

    def commands(self):
        return (
            (PLAIN, "ONM", CTRL, "switch_on"),
            (PLAIN, "OFFM", CTRL, "switch_off"),
            (PLAIN, "ONALL", CTRL, "all_on"),
            (PLAIN, "OFFALL", CTRL, "all_off"),
            (PLAIN, "RESTARTM", CTRL, "restart"),
        )

    def __init__(self, device):
        super().__init__(device)
        device.micro = self

    def start(self, cause, now):
        super().start(cause, now)
        if cause != "restart":
            self.order(False, now)

    def status(self, now):
        return ("Microrelay " + word(self.on),)

    def switch_on(self, request):
        """4.1 | `Microrelay ON`"""
        return self._order(True, request)

    def switch_off(self, request):
        """4.1 | `Microrelay OFF`"""
        return self._order(False, request)

    def _order(self, on, request):
        self.order(on, request.now)
        return "Microrelay " + word(on)

    def all_on(self, request):
        """4.1 | `All ON`"""
        return self._order_all(True, request)

    def all_off(self, request):
        """4.1 | `All OFF`"""
        return self._order_all(False, request)

    def _order_all(self, on, request):
        self.device.socket.order(on, request.now)
        self.order(on, request.now)
        return "All " + word(on)

    def restart(self, request):
        """4.1 | `Microrelay restarted`"""
        self.order_restart(request.now)
        return "Microrelay restarted"
