"""The errand of a call: ring somebody for a while, say nothing."""

from sim800.calls import ANSWERED, NO_ANSWER

_SETUP = 30  # s within which it has to begin to ring


class Caller:
    """calls: the modem's; talk: what goes on with an answered call, None: it is ended at once."""

    def __init__(self, calls, talk):
        self._calls = calls
        self._talk = talk

    async def ring(self, argument):
        """Ring a number until somebody picks up. Bounded, raises nothing.

        argument: `+number seconds`. Returns "answered", "rejected", "busy", "unanswered",
        "unreachable" or "failed". A cancellation ends the call.
        """
        number, _, seconds = argument.partition(" ")
        if not seconds.isdigit():
            return "failed"
        if self._talk is not None and self._talk.going_on():
            await self._calls.hang_up()  # an alarm goes before who listens
        result = await self._calls.dial(number, _SETUP, int(seconds))
        if result == ANSWERED and self._talk is not None:
            self._talk.begin()
        elif result == ANSWERED:
            self._calls.release()  # which no cancellation of this task can cut off
        return "unanswered" if result == NO_ANSWER else result
