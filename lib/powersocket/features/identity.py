# SPDX-License-Identifier: MIT
"""HARDWARE, SERIALNUM and FIRMWARE: what this device is (manual chapter 13)."""

from powersocket.features import Feature

# The one place that holds the firmware's version.
VERSION = "v1.0.0"


class Identity(Feature):
    """Answers from the board configuration and the chip's id."""

    commands = (
        ("HARDWARE", "hardware", "always"),
        ("SERIALNUM", "serial_number", "always"),
        ("FIRMWARE", "firmware", "always"),
    )

    def hardware(self, request):
        """13 | the product's name, from the board configuration"""
        device = self.device
        return (device.config.get("PRODUCT") or device.product) + device.dialect.hardware

    def serial_number(self, request):
        """13 | `S/N: ` and 17 digits, from the chip's unique id"""
        value = 0
        for octet in self.device.unique_id:
            value = (value * 256 + octet) % 10**17
        digits = str(value)
        return "S/N: " + "0" * (17 - len(digits)) + digits

    def firmware(self, request):
        """13 | `v1.0.0 ` and the project's name"""
        return VERSION + " powersocket"
