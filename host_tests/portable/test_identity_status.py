# SPDX-License-Identifier: MIT
"""HARDWARE, SERIALNUM, FIRMWARE, STATUS: what this device is, and how it is."""

from device_kit import CHIP, Kit, raised
from powersocket import models
from powersocket.features.identity import VERSION, Identity

SMOKE = True


def test_hardware():
    assert Kit().say("HARDWARE") == "Environment Pro"
    assert Kit(config={"PRODUCT": "Cabin heater"}).say("hardware") == "Cabin heater"


def test_firmware_is_in_one_place():
    assert Kit().say("FIRMWARE") == VERSION + " powersocket"
    assert VERSION.startswith("v")


class Chip:
    """A device of which nothing counts but the chip's unique id."""

    def __init__(self, unique_id):
        self.unique_id = unique_id


def serial_digits(unique_id):
    reply = Identity(Chip(unique_id)).serial_number(None)
    assert reply.startswith("S/N: ")
    return reply[5:]


def test_serial_number():
    assert Kit().say("SERIALNUM") == "S/N: " + serial_digits(CHIP)
    for chip in (b"", b"\x00", CHIP, b"\xff" * 6, b"\xff" * 8, b"\xff" * 12):
        digits = serial_digits(chip)
        assert len(digits) == 17 and digits.isdigit(), digits
    assert serial_digits(b"\xff" * 6) == "00281474976710655"
    assert serial_digits(b"\x00\x00\x00\x00\x00\x01") == "00000000000000001"
    # All of the ESP32's six octets count: two chips never have the same number.
    assert serial_digits(b"\x01" + CHIP[1:]) != serial_digits(b"\x02" + CHIP[1:])


def test_status():
    kit = Kit()
    lines = kit.say("STATUS").split("\n")
    assert lines[:2] == ["Power socket OFF", "Signal: None"]
    kit.say("ON")
    kit.device.modem.dbm = -67
    lines = kit.say("status").split("\n")
    assert lines[:2] == ["Power socket ON", "Signal: Good (-67dBm)"]
    kit.device.modem.dbm = -113
    assert "Signal: Weak (-113dBm)" in kit.say("STATUS")
    assert len(kit.say("STATUS")) <= 160


def quality(dbm):
    kit = Kit()
    kit.device.modem.dbm = dbm
    return kit.say("STATUS").split("\n")[1].split(" ")[1]


def test_signal_words():
    for dbm in (-51, -67, -83):
        assert quality(dbm) == "Good"
    for dbm in (-84, -85, -97):
        assert quality(dbm) == "Medium"
    for dbm in (-98, -99, -113, -115):
        assert quality(dbm) == "Weak"


def test_an_unknown_model_names_those_that_there_are():
    error = raised(ValueError, models.load, "GSM900")
    assert error is not None and "EP" in str(error) and "GSM900" in str(error)
