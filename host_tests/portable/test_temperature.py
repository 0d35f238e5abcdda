# SPDX-License-Identifier: MIT
"""Temperatures: what is accepted, how it is kept, shown and compared; the sensor's scratchpad.

The whole range is checked against fractions in `host_tests/test_temperature_oracle.py`.
"""

from device_kit import raised, usable
from ds18b20 import SensorError, temperature
from powersocket.features.temperature import Temperature, Thermometer, exact, exact_reading
from powersocket.settings import Incorrect

LIMIT = Temperature("SWITCHOFFTEMP", "10C")
ALERT = Temperature("TRISEALERT", "")
THERMOMETER = Thermometer(None)


def shown(text):
    return LIMIT.show(LIMIT.parse(text))


def test_the_manuals_examples():
    for text, reply in (
        ("10C", "10C(50F)"),
        ("50F", "10C(50F)"),
        ("22C", "22C(72F)"),
        ("72F", "22C(72F)"),
        ("35C", "35C(96F)"),
        ("96F", "35C(96F)"),
        ("15C", "15C(60F)"),
        ("60F", "15C(60F)"),
        ("-55C", "-55C(-67F)"),
        ("-67F", "-55C(-67F)"),
        ("120C", "120C(248F)"),
        ("248F", "120C(248F)"),
    ):
        assert shown(text) == reply, text


def test_ties_go_up_and_celsius_goes_down():
    for text, reply in (
        ("-15C", "-15C(6F)"),  # 5F
        ("-25C", "-25C(-12F)"),  # -13F
        ("-54C", "-54C(-66F)"),  # -65.2F
        ("0C", "0C(32F)"),
        ("-18C", "-18C(0F)"),  # -0.4F
        ("-17C", "-17C(2F)"),  # 1.4F
        ("54F", "12C(54F)"),
        ("53F", "11C(53F)"),
        ("31F", "-1C(31F)"),
        ("32F", "0C(32F)"),
        ("0F", "-18C(0F)"),
        ("-66F", "-55C(-66F)"),
        ("247F", "119C(247F)"),
    ):
        assert shown(text) == reply, text


def test_what_is_accepted():
    for text, value in (
        ("10c", "10C"),
        ("50f", "50F"),
        ("010C", "10C"),
        ("000000000000000000010C", "10C"),
        ("-00000000005C", "-5C"),
        ("-0C", "0C"),
        ("-00F", "0F"),
        ("-055C", "-55C"),
    ):
        assert LIMIT.parse(text) == value, text


def test_what_is_not():
    for text in (
        (
            "",
            "C",
            "F",
            "10",
            "10K",
            "10CF",
            "+10C",
            "- 5C",
            " 5C",
            "5 C",
            "10C F",
            "10 C",
            "-10 C",
            "C10",
            "1 0C",
            "10.5C",
            "10,5C",
        )
        + ("-56C", "121C", "-68F", "249F", "-C", "+F", "--5C", "+-5C", "5-C", "1e1C", "0x9C")
        + ("²C", "１０C", "10С", "999999999999C", "10C(50F)", "ON", "NO", "10°C", "10\nC")
    ):
        assert raised(Incorrect, LIMIT.parse, text), text
        assert raised(Incorrect, ALERT.parse, text), text
    assert raised(Incorrect, LIMIT.parse, "OFF")


def test_off():
    assert ALERT.parse("off") == ""
    assert ALERT.show("") == "OFF"
    assert ALERT.answer("") == "TRISEALERT=OFF"
    assert ALERT.answer("96F") == "TRISEALERT=35C(96F)"
    assert usable(ALERT, "")
    assert not usable(LIMIT, "")


def test_what_is_stored():
    for value in ("10C", "-55C", "248F", "0F"):
        assert usable(LIMIT, value)
        assert usable(ALERT, value)
    for value in ("010C", "10c", "121C", "OFF", "-0C", 10, None, ["10C"], "C", True):
        assert not usable(LIMIT, value), value
        assert not usable(ALERT, value), value


def test_exactly():
    assert exact("50F") == exact("10C") == exact_reading(160)
    assert exact("54F") == 1760  # 12.22..
    assert exact_reading(195) < exact("54F") < exact_reading(196)
    assert exact("-67F") == exact("-55C") == exact_reading(-880)
    assert exact("248F") == exact("120C") == exact_reading(1920)
    assert exact("31F") < 0 == exact("32F") == exact("0C") == exact_reading(0)


def test_readings():
    for value, text in (
        (400, "25C(77F)"),
        (588, "37C(98F)"),  # 36.75
        (0, "0C(32F)"),
        (-1, "0C(32F)"),  # never -0
        (-7, "0C(31F)"),
        (-8, "-1C(31F)"),  # halves away from zero
        (8, "1C(33F)"),
        (-880, "-55C(-67F)"),
        (2000, "125C(257F)"),
        (-280, "-18C(1F)"),  # -17.5, 0.5
        (-290, "-18C(-1F)"),  # -18.125, -0.625
        (-288, "-18C(0F)"),  # -0.4: never -0
        (336, "21C(70F)"),
    ):
        assert THERMOMETER.show(value) == text, (value, THERMOMETER.show(value))


# --- the sensor's scratchpad ---


def scratchpad(value, config=0x7F, reserved=None):
    low = 16 - (value & 15) if reserved is None else reserved
    return bytes((value & 255, value >> 8 & 255, 75, 70, config, 255, low, 16, 0))


def test_scratchpad():
    for value in (0x07D0, 0x0550, 0x0191, 0x00A2, 8, 0, -8, -0xA2, -0x191, -0x370):  # data sheet
        assert temperature(scratchpad(value)) == value


def test_power_on_value():
    error = raised(SensorError, temperature, bytes((0x50, 5, 75, 70, 0x7F, 255, 0x0C, 16, 28)))
    assert error.args == ("poweron",)
    assert temperature(scratchpad(85 * 16)) == 85 * 16  # a real one


def test_no_sensor_has_no_configuration():
    for config in (0x00, 0xFF, 0x7E, 0x80):
        assert raised(SensorError, temperature, scratchpad(0, config)).args == ("crc",)
    assert raised(SensorError, temperature, bytes(9)).args == ("crc",)


def test_undefined_bits():
    for config, mask in ((0x7F, ~0), (0x5F, ~1), (0x3F, ~3), (0x1F, ~7)):
        for value in (407, -407):
            assert temperature(scratchpad(value, config)) == value & mask
