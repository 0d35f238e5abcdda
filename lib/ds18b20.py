# SPDX-License-Identifier: MIT
"""Reads the scratchpad of a DS18B20 (data sheet Maxim 19-7487, section Memory)."""

from powersocket import const

_CONFIG = const(4)  # byte: 0, two bits of resolution, five ones
_RESERVED = const(6)  # byte: 0x0C after power-on, 16 less the fraction after a conversion
_NEVER_CONVERTED = const(0x0C)
_POWER_ON = const(85 * 16)  # 1/16 degree


class SensorError(Exception):
    """A reading failed; the argument says how: presence, crc or poweron."""


def temperature(scratch):
    """Return the temperature in 1/16 degree Celsius. Raises SensorError.

    scratch: the nine bytes, with a right checksum. Nine zeros, which a shorted line gives, have a
    right checksum, too; but a sensor always has ones in its configuration.
    """
    if scratch[_CONFIG] & 0x9F != 0x1F:
        raise SensorError("crc")
    value = scratch[0] | scratch[1] << 8
    if value == _POWER_ON and scratch[_RESERVED] == _NEVER_CONVERTED:
        raise SensorError("poweron")  # not a measured 85 degrees
    undefined = 3 - (scratch[_CONFIG] >> 5)  # low bits, at a lower resolution
    value = value >> undefined << undefined
    return value - 65536 if value & 0x8000 else value
