"""Date and time: DATE, DATE=, DATESMS (manual chapter 8)."""

from powersocket import calendar
from powersocket.commands import ANSWERED, ASSIGN, CONF, CTRL, INF, PLAIN, QUERY
from powersocket.features.clock import Clock
from powersocket.interpreter import FAULT
from powersocket.parameters import Incorrect, Refusal


class Date(Clock):
    """The calendar with its commands and its line of STATUS."""

    def commands(self):
        return (
            (PLAIN, "DATE", CTRL, "tell", ANSWERED),
            (QUERY, "DATE", INF, "tell"),
            (ASSIGN, "DATE", CONF, "by_hand"),
            (PLAIN, "DATESMS", CONF, "by_message"),
        )

    def status(self, now):
        return ("Time: " + (self.text(now) or "not set"),)

    def tell(self, request):
        """8 | `DATE yy/mm/dd,hh:mm:ss+zz` or `DATE not set`"""
        return "DATE " + (self.full_text(request.now) or "not set")

    def by_hand(self, request):
        """8 | `DATE=yy/mm/dd,hh:mm:ss+zz - OK`"""
        parsed = calendar.parse(request.argument)
        if parsed is None:
            raise Incorrect
        self.set(parsed[0], parsed[1], request.now, True)
        return "DATE=" + str(self.full_text(request.now)) + " - OK"

    def by_message(self, request):
        """8 | `DATE yy/mm/dd,hh:mm:ss+zz - OK`"""
        if not self.set_by(request.message.stamp, request.now):
            raise Refusal(FAULT)
        return "DATE " + str(self.full_text(request.now)) + " - OK"
