"""RELAYTIME: what the sensor does to the socket (manual chapter 9.3)."""

from powersocket.parameters import Parameter, whole
from powersocket.texts import upper

_LONGEST = 65000  # s
_OWNER = "alarm"  # whose timer of the socket it is


class RelayTime(Parameter):
    """`0`, `ON`, `OFF`, or one of these and the seconds after which it is over: `ON60`."""

    def __init__(self, name):
        super().__init__(name, "0")

    def parse(self, text):
        word = upper(text)
        for state in ("ON", "OFF"):
            if word.startswith(state):
                seconds = word[len(state) :]
                return state + (str(whole(seconds, 1, _LONGEST)) if seconds else "")
        return str(whole(word, 0, 0))


def activate(socket, value, now):
    """Give the socket the state of RELAYTIME; return False if it is none of the sensor's."""
    if value == "0":
        return False
    on, seconds = _split(value)
    if seconds:
        socket.order_for(on, int(seconds), now, _OWNER)
    else:
        socket.order(on, now)
    return True


def release(socket, value, now):
    """The sensor returned: give the socket the opposite state."""
    if value != "0":
        socket.order(not _split(value)[0], now)


def finish(socket, now):
    """End a time that is running, if it is the sensor's and not somebody else's."""
    socket.end(_OWNER, now)


def _split(value):
    on = value.startswith("ON")
    return on, value[2 if on else 3 :]
