"""The LEDs: what each of them shows (manual chapter 15; spec chapter 6)."""

OFF = "off"
STEADY = "steady"
ONCE = "1/s"
FAST = "4/s"
SLOW = "1/3s"
SIM = "sim"  # 4 blinks in a second, then 2 s steady


def patterns(device):
    """Return the pattern of each LED as a dict of LED name and pattern."""
    link = device.link
    trouble = link.alive and link.sim not in ("", "READY")
    return {
        "power": SIM if trouble else STEADY,
        "gsm": _gsm(link),
        "out": FAST if trouble or not link.alive else (STEADY if device.socket.on else OFF),
    }


def _gsm(link):
    if not link.alive:
        return OFF
    return SLOW if link.registered else ONCE
