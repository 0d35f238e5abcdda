# SPDX-License-Identifier: MIT
"""HARDWARE, SERIALNUM, FIRMWARE: what this device is (manual chapter 13); HELP and SETTINGS."""

from powersocket.features import Feature

# The one place that holds the firmware's version.
VERSION = "v1.0.0"


class Identity(Feature):
    """Answers from the board configuration, the chip's id, and the handbook (spec chapter 10)."""

    commands = (
        ("HARDWARE", "hardware", "always"),
        ("SERIALNUM", "serial_number", "always"),
        ("FIRMWARE", "firmware", "always"),
        ("HELP", "help", "always"),
        ("HELP ", "help", "always"),
        ("SETTINGS", "settings", "always"),
    )

    def hardware(self, request):
        """the product's name, from the board configuration"""
        device = self.device
        return (device.config.get("PRODUCT") or device.product) + device.dialect.hardware

    def serial_number(self, request):
        """`S/N: ` and 17 digits, from the chip's unique id"""
        value = 0
        for octet in self.device.unique_id:
            value = (value * 256 + octet) % 10**17
        digits = str(value)
        return "S/N: " + "0" * (17 - len(digits)) + digits

    def firmware(self, request):
        """`v1.0.0 ` and the project's name"""
        return VERSION + " powersocket"

    def help(self, request):
        """all names by function, or how the named command is written, its default and its use"""
        return self.device.look_up("usage", request.argument)

    def settings(self, request):
        """a line for each setting that differs from the factory's, or `No security setup!`"""
        return self.device.look_up("settings", request.message.number)
