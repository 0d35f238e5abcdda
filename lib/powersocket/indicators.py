"""The LEDs: what each of them shows (manual chapter 15; spec chapter 6)."""

OFF = "off"
STEADY = "steady"
ONCE = "1/s"
FAST = "4/s"
THRICE = "3/s"
SLOW = "1/3s"
SIM = "sim"  # 4 blinks in a second, then 2 s steady
FLASH = "flash3"  # three flashes, in FLASH_MS

FLASH_MS = 1200
BOOT_MS = 15_000  # from switch-on: the modem boots, and OUT shows no trouble with it


def patterns(device, together=""):
    """Return the pattern of each LED as a dict of LED name and pattern.

    together: what all but GSM show instead of theirs: at switch-on, during a factory reset.
    """
    found = {
        "power": together or _power(device),
        "gsm": _gsm(device.modem),
        "out": together or _out(device),
    }
    microphone = device.microphone
    if microphone is not None:
        state = STEADY if microphone.open else ONCE if microphone.calling else OFF
        found["microphone"] = together or state
    return found


def _sim_trouble(modem):
    return modem.alive and modem.sim not in ("", "READY")


def _power(device):
    alarm = device.alarm
    if device.on_battery:
        return OFF
    if _sim_trouble(device.modem):
        return SIM
    if alarm is None or not alarm.enabled:
        return STEADY
    return FAST if alarm.active else ONCE


def _out(device):
    trouble = not device.modem.alive or _sim_trouble(device.modem)
    if trouble and not device.booting:
        return FAST
    return STEADY if device.socket.on else OFF


def _gsm(modem):
    if not modem.alive:
        return OFF
    return SLOW if modem.registered else ONCE
