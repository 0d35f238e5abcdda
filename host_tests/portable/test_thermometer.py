# SPDX-License-Identifier: MIT
"""TEMPERATURE, its line of STATUS, and what counts as a reading."""

from room_kit import Room


def test_temperature():
    kit = Room()
    assert kit.say("TEMPERATURE") == "TEMPERATURE: No sensor"
    kit.read(25)
    assert kit.say("TEMPERATURE") == "TEMPERATURE: 25C(77F)"
    assert "TEMP: 25C(77F)" in kit.say("STATUS").split("\n")
    kit.read(-0.0625)
    assert kit.say("TEMPERATURE") == "TEMPERATURE: 0C(32F)"
    kit.read(None)
    kit.read(None)
    assert kit.say("TEMPERATURE") == "TEMPERATURE: 0C(32F)"  # the last good value stands
    kit.read(None)
    assert kit.say("TEMPERATURE") == "TEMPERATURE: No sensor"
    assert "TEMP: No sensor" in kit.say("STATUS").split("\n")
    kit.read(36.75)
    assert kit.say("TEMPERATURE") == "TEMPERATURE: 37C(98F)"


def test_what_a_sensor_cannot_tell_is_a_failure():
    kit = Room()
    for value, text in ((-55, "-55C(-67F)"), (125, "125C(257F)"), (85, "85C(185F)")):
        kit.read(value)
        assert kit.say("TEMPERATURE") == "TEMPERATURE: " + text
    for value in (-55.0625, 125.0625, 127.9375, -128):
        kit.read(20)
        kit.read(value)
        assert kit.say("TEMPERATURE") == "TEMPERATURE: 20C(68F)"
        kit.read(value)
        kit.read(value)
        assert kit.say("TEMPERATURE") == "TEMPERATURE: No sensor"


def test_a_good_reading_begins_the_count_again():
    kit = Room()
    kit.read(20)
    for _ in range(10):
        kit.read(None)
        kit.read(None)
        assert kit.say("TEMPERATURE") == "TEMPERATURE: 20C(68F)"
        kit.read(20)
