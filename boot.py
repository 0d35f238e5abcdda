# SPDX-License-Identifier: MIT
"""Runs first at every start and gives the relay its level, which `App._move` keeps in NVS.

Nothing here waits, and nothing here may raise: after an exception main.py would not run.
"""

try:
    import esp32
    import machine
    import micropython

    from firmware import board

    micropython.kbd_intr(-1)  # no Ctrl-C before main.py: the relay comes first
    for _pin, _key in ((board.RELAY, "relay"), (getattr(board, "MICRORELAY", None), "microrelay")):
        try:
            _kept = esp32.NVS("powersocket").get_i32(_key)
        except OSError:
            _kept = 0  # never stored: a new device starts with its socket off
        if _kept & 2 and machine.reset_cause() == machine.PWRON_RESET:
            _kept = 0  # POWERSTATE=OFF; the chip cannot tell a brown-out from a power-up
        if _pin is not None:
            machine.Pin(_pin, machine.Pin.OUT, value=_kept & 1)
except Exception as error:
    print("boot.py:", error)
