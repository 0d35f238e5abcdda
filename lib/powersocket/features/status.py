"""STATUS: a line of each function of the model (manual chapter 4.1)."""

from powersocket.commands import ANSWERED, CTRL, PLAIN, SIGNAL
from powersocket.feature import Feature


class Status(Feature):
    """Asks every feature for its lines; the signal is this one's own."""

    def commands(self):
        return ((PLAIN, "STATUS", CTRL, "report", ANSWERED, SIGNAL),)

    def status(self, now):
        dbm = self.device.link.dbm
        if dbm is None:
            return ("Signal: None",)
        return ("Signal: " + quality(dbm) + " (" + str(dbm) + "dBm)",)

    def report(self, request):
        """4.1 | the socket, the signal and a line of each function"""
        return self.device.status_text(request.now)


def quality(dbm):
    """Return the word for a signal in dBm."""
    if dbm >= -83:
        return "Good"
    return "Medium" if dbm >= -97 else "Weak"
