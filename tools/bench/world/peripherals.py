# SPDX-License-Identifier: MIT
"""What hangs on the ESP32's other pins, as a person sees and works it."""

from __future__ import annotations

from collections.abc import Callable

from tools.bench.kernel import Event, Kernel

DEBOUNCE_MS = 50
CONVERSION_MS = 750
THERMOMETER_FAULTS = {"missing": "!presence", "corrupt": "!crc", "poweron": "!poweron"}

Notify = Callable[[str], None]


class Pin:
    """An output level and its history of (time, level)."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self.on = False
        self.history: list[tuple[int, bool]] = []

    def set(self, on: bool) -> bool:
        """Give the pin a level; return True if that is a change."""
        if on == self.on:
            return False
        self.on = on
        self.history.append((self._kernel.now, on))
        return True


class Led:
    """An LED and the pattern that it has to show; edges follow from the pattern."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self.pattern = "off"
        self.history: list[tuple[int, str]] = []

    def show(self, pattern: str) -> bool:
        """Begin a pattern; return True if that is a change."""
        if pattern == self.pattern:
            return False
        self.pattern = pattern
        self.history.append((self._kernel.now, pattern))
        return True


class Contact:
    """The loop at the 12 V input. The driver's 50 ms of debouncing are here.

    Attributes:
        closed: the loop itself.
        stable: what the driver reported last.
    """

    def __init__(self, kernel: Kernel, notify: Notify) -> None:
        self._kernel = kernel
        self._notify = notify
        self.closed = False
        self.stable = False
        self._pending: Event | None = None

    def set(self, closed: bool) -> None:
        """Close or open the loop."""
        if closed == self.closed:
            return
        self.closed = closed
        if self._pending is not None:
            self._pending.cancel()
        self._pending = self._kernel.after(DEBOUNCE_MS, self._settled)

    def _settled(self) -> None:
        if self.stable != self.closed:
            self.stable = self.closed
            self._notify("1" if self.closed else "0")


class Button:
    """The hidden button."""

    def __init__(self, kernel: Kernel, on_down: Notify, on_release: Notify) -> None:
        self._kernel = kernel
        self._on_down = on_down
        self._on_release = on_release
        self.down = False
        self._since = 0
        self._release: Event | None = None

    def press(self, ms: int) -> None:
        """Press it now and let go after `ms`. A press while it is held has no effect."""
        if not self.down:
            self.push()
            self._release = self._kernel.after(ms, self.let_go)

    def push(self) -> None:
        """Press it, and hold it until `let_go`."""
        if not self.down:
            self.down, self._since = True, self._kernel.now
            self._on_down("")

    def let_go(self) -> None:
        """Let go of it, also before the time for which `press` wanted to hold it."""
        if not self.down:
            return
        if self._release is not None:
            self._release.cancel()
            self._release = None
        self.down = False
        self._on_release(str(self._kernel.now - self._since))


class Mains:
    """The mains sense input; the raw level, filtering it is the firmware's business."""

    def __init__(self, notify: Notify) -> None:
        self._notify = notify
        self.on = True

    def set(self, on: bool) -> None:
        """Cut the mains or bring it back."""
        if on != self.on:
            self.on = on
            self._notify("1" if on else "0")


class Thermometer:
    """A DS18B20 at 12 bits.

    Attributes:
        celsius: the temperature around it.
    """

    def __init__(self, kernel: Kernel, notify: Notify) -> None:
        self._kernel = kernel
        self._notify = notify
        self.celsius = 21.0
        self.fault: str | None = None
        self.conversions = 0

    def fail(self, kind: str | None) -> None:
        """Make readings fail: "missing", "corrupt", "poweron" (its 85 degrees); None heals it."""
        if kind is not None and kind not in THERMOMETER_FAULTS:
            raise ValueError(f"no such fault: {kind}")
        self.fault = kind

    @property
    def raw(self) -> int:
        """1/16 degree, as the sensor rounds it, within its range of -55 to 125."""
        sixteenths = int(abs(self.celsius) * 16 + 0.5)
        return max(-880, min(2000, -sixteenths if self.celsius < 0 else sixteenths))

    def convert(self) -> None:
        """Start a conversion; the answer comes 750 ms later."""
        self.conversions += 1
        self._kernel.after(CONVERSION_MS, self._answer)

    def _answer(self) -> None:
        self._notify(str(self.raw) if self.fault is None else THERMOMETER_FAULTS[self.fault])


class Rtc:
    """The ESP32's calendar: seconds since 2000-01-01, running while there is any power."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._base_ms: int | None = None
        self.drift_ppm = 0

    def set(self, seconds: int) -> None:
        self._base_ms = seconds * 1000 - self._elapsed(self._kernel.now)

    def get(self) -> int | None:
        """Return the seconds now, None if unset."""
        return self.at(self._kernel.now)

    def at(self, now: int) -> int | None:
        """Return the seconds at a world time (ms), None if unset."""
        return None if self._base_ms is None else (self._base_ms + self._elapsed(now)) // 1000

    def lose_power(self) -> None:
        self._base_ms = None

    def _elapsed(self, now: int) -> int:
        return now + now * self.drift_ppm // 1_000_000


class Nvs:
    """Non-volatile storage: names and small integers.

    Attributes:
        writes: number of values written, equal ones too (NVS itself skips those; see `changes`).
        changes: number of values that were other than before.
    """

    def __init__(self) -> None:
        self.values: dict[str, int] = {}
        self.writes = 0
        self.changes = 0

    def get(self, key: str) -> int | None:
        return self.values.get(key)

    def set(self, key: str, value: int) -> None:
        self.writes += 1
        if self.values.get(key) != value:
            self.changes += 1
            self.values[key] = value
