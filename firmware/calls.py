"""The errand of a call: ring somebody for a while, say nothing."""

from sim800.causes import ANSWERED, NO_ANSWER

_SETUP = 30  # s within which it has to begin to ring


class Caller:
    """calls: the modem's."""

    def __init__(self, calls):
        self._calls = calls

    async def ring(self, argument):
        """Ring a number; hang up at once if somebody picks up. Bounded, raises nothing.

        argument: `+number seconds`. Returns "answered", "rejected", "busy", "unanswered",
        "unreachable" or "failed". A cancellation ends the call.
        """
        number, _, seconds = argument.partition(" ")
        if not seconds.isdigit():
            return "failed"
        result = await self._calls.dial(number, _SETUP, int(seconds))
        if result == ANSWERED:
            self._calls.release()  # which no cancellation of this task can cut off
        return "unanswered" if result == NO_ANSWER else result
