"""The LEDs: what each of them shows (manual chapter 15; spec chapter 6)."""

from powersocket import const

OFF = "off"
STEADY = "steady"
ONCE = "1/s"
FAST = "4/s"
THRICE = "3/s"
SLOW = "1/3s"
SIM = "sim"  # 4 blinks in a second, then 2 s steady
FLASH = "flash3"  # three flashes, in FLASH_MS

FLASH_MS = const(1200)
BOOT_MS = const(15_000)  # from switch-on: the modem boots, and OUT shows no trouble with it


def patterns(device, together=""):
    """Return the pattern of each LED as a dict of LED name and pattern.

    together: what all but GSM show instead of theirs: at switch-on, during a factory reset.
    """
    modem, alarm, microphone = device.modem, device.alarm, device.microphone
    sim_trouble = modem.alive and modem.sim not in ("", "READY")
    power = STEADY
    if device.on_battery:
        power = OFF
    elif sim_trouble:
        power = SIM
    elif alarm is not None and alarm.enabled:
        power = FAST if alarm.active else ONCE
    out = STEADY if device.socket.on else OFF
    if (sim_trouble or not modem.alive) and not device.booting:
        out = FAST
    gsm = OFF
    if modem.alive:
        gsm = SLOW if modem.registered else ONCE
    found = {"power": together or power, "gsm": gsm, "out": together or out}
    if microphone is not None:
        state = STEADY if microphone.open else ONCE if microphone.calling else OFF
        found["microphone"] = together or state
    return found
