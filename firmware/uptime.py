"""Uptime: seconds since all power was last gone. It never jumps and never wraps.

MicroPython's ticks wrap at 2^30 ms, which is every 12.4 days, and begin again at every start. The
RTC keeps running through restarts and sleep, but has whole seconds only. Together they make one
clock.
"""

from powersocket import const

_WRAP = const((1 << 30) - 1)
LONGEST_SLEEP = const(3600_000)  # ms; the ticks must be read at least twice in each wrap


class Uptime:
    """clock: a port with `ticks_ms()` and `rtc()` / `set_rtc(seconds)`; cause: of the start.

    Attribute `cause`: of the start; "power" if the RTC was lost, whatever the chip reports. The
    deadlines and the calendar of the earlier uptime are then void.
    """

    def __init__(self, clock, cause):
        base = None if cause == "power" else clock.rtc()
        self.cause = cause if base is not None else "power"
        if base is None:
            base = 0
            clock.set_rtc(0)
        self._clock = clock
        self._seconds = base
        self._ms = 0
        self._ticks = clock.ticks_ms()

    def _update(self):
        ticks = self._clock.ticks_ms()
        ms = self._ms + ((ticks - self._ticks) & _WRAP)
        self._ticks = ticks
        self._seconds += ms // 1000
        self._ms = ms % 1000

    def seconds(self):
        """Return the uptime in whole seconds."""
        self._update()
        return self._seconds

    def until(self, deadline):
        """Return the ms until an uptime in seconds is reached: 0 if it is, an hour at most."""
        self._update()
        seconds = deadline - self._seconds
        if seconds <= 0:
            return 0
        if seconds > LONGEST_SLEEP // 1000:
            return LONGEST_SLEEP
        return seconds * 1000 - self._ms
