# SPDX-License-Identifier: MIT
"""Checks a pin map against what the ESP32's pins can do. main.py imports it for this only.

Source: ESP32 data sheet, 2.2 (pins) and 3.1 (strapping pins); ESP32-WROVER data sheet (16, 17).
"""

_OUTPUTS = (
    "RELAY", "LED_POWER", "LED_GSM", "LED_OUT", "MODEM_TX", "MODEM_PWRKEY", "MODEM_RST",
    "MICRORELAY", "LED_MICROPHONE",
)  # fmt: skip
_BOTH = ("THERMOMETER",)
_INPUTS = ("MODEM_RX", "CONTACT", "JACK", "BUTTON", "MAINS")
_NOT_WAKING = (18, 19, 21, 22, 23)  # of the pins that are good for anything else
_MAY = ("JACK", "MICRORELAY", "LED_MICROPHONE", "MODEM_PWRKEY", "MODEM_RST")  # None: there is none
_MUST = ("MODEL", "PIN", "US", "MODEM_BAUD", "HIGH", "IP5306")
_FAMILIES = "SIM800L, A7670, SIM7600"
_OTHER = ": use another pin"
_USE = ": use 4, 13, 14, 18, 19, 21-23, 25-27, 32 or 33"


def problems(config):
    """Return what is wrong with a pin map and how to fix it, one line each; [] if all is well."""
    found = []
    for name in _MUST + _OUTPUTS + _BOTH + _INPUTS:
        if not hasattr(config, name):
            found.append(name + " is missing: copy its line from firmware/boards/devkit.py")
    if found:
        return found
    uses = [(name, getattr(config, name), name not in _INPUTS) for name in _OUTPUTS + _BOTH]
    uses += [(name, getattr(config, name), False) for name in _INPUTS]
    uses += [("HIGH", pin, True) for pin in config.HIGH]
    uses += [("IP5306", pin, True) for pin in config.IP5306 or ()]
    owner: dict = {}
    for name, pin, drives in uses:
        if pin is None and name in _MAY:
            continue
        text = _fault(name, pin, drives)
        if pin in getattr(config, "TAKEN", ()):
            text = "is wired to something else on this board" + _OTHER
        if pin in owner:
            text = "is also used by " + owner[pin] + ": move one of them to another pin"
        if text:
            found.append(name + " = " + str(pin) + " " + text)
        owner[pin] = name
    if config.MAINS in _NOT_WAKING:
        found.append("MAINS = " + str(config.MAINS) + " cannot wake the chip: use 34, 35 or 39")
    return found + _modem(config)


def _modem(config):
    found = []  # boards of before have neither of the two words
    family = getattr(config, "MODEM", "SIM800L")
    if family not in _FAMILIES.split(", "):
        found.append("MODEM = " + repr(family) + " is none of " + _FAMILIES)
    keys = getattr(config, "ACTIVE_HIGH", ())
    if type(keys) not in (tuple, list) or not set(keys) <= {config.MODEM_PWRKEY, config.MODEM_RST}:
        text = ": only pins of MODEM_PWRKEY and MODEM_RST, as (4,) or (4, 5)"
        found.append("ACTIVE_HIGH = " + str(keys) + text)
    return found


def _fault(name, pin, drives):
    if type(pin) is not int or not 0 <= pin < 40 or pin in (20, 24, 28, 29, 30, 31):
        return "is not a pin of the ESP32" + _USE
    if 6 <= pin <= 11:
        return "is wired to the flash chip" + _OTHER
    if pin in (16, 17):
        return "is wired to the PSRAM of a WROVER module" + _OTHER
    if pin in (1, 3):
        return "is the serial port of the REPL" + _OTHER
    if pin >= 34 and drives:
        return "is input-only" + _USE
    if pin >= 34 and name == "BUTTON":
        return "has no internal pull-up" + _USE
    # 0 must be high at a start: the boot button leaves it so. 2 must not be high while the chip is
    # flashed: an LED to ground leaves it low. 5 means nothing without an SDIO host: RST may be on
    # it. 12 must be low at a start: the switch of a T-A7670's modem supply leaves it so.
    good = (("BUTTON", 0), ("LED_", 2), ("MODEM_RST", 5), ("HIGH", 12))
    if pin in (0, 2, 5, 12, 15) and (name[:4] if pin == 2 else name, pin) not in good:
        return "is a strapping pin, which can keep the chip from booting" + _OTHER
    return ""
