"""HARDWARE, SERIALNUM, FIRMWARE: what this device is (manual chapter 13)."""

from powersocket.commands import ANSWERED, CTRL, PLAIN
from powersocket.feature import Feature
from powersocket.version import NAME, VERSION


class Identity(Feature):
    """Tells what the board configuration and the chip say."""

    def commands(self):
        return (
            (PLAIN, "HARDWARE", CTRL, "hardware", ANSWERED),
            (PLAIN, "SERIALNUM", CTRL, "serial_number", ANSWERED),
            (PLAIN, "FIRMWARE", CTRL, "firmware", ANSWERED),
        )

    def hardware(self, request):
        """13 | the product's name, from the board configuration"""
        model = self.device.model
        return (self.device.config.get("PRODUCT") or model.product) + model.dialect.hardware

    def serial_number(self, request):
        """13 | `S/N: ` and 17 digits, from the chip's unique id"""
        return "S/N: " + serial_digits(self.device.unique_id)

    def firmware(self, request):
        """13 | `v1.0.0 ` and the project's name"""
        return VERSION + " " + NAME


def serial_digits(unique_id):
    """Return the 17 decimal digits of a chip's unique id (bytes; the ESP32's is 6 octets)."""
    value = 0
    for octet in unique_id:
        value = (value * 256 + octet) % 10**17
    digits = str(value)
    return "0" * (17 - len(digits)) + digits
