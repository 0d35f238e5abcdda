"""First thing at every start: the relay to its level. `firmware/app.py` says what NVS keeps.

Nothing here waits, and nothing here may raise: an exception would keep main.py from running.
"""

try:
    import esp32
    import machine
    import micropython

    from firmware import board

    micropython.kbd_intr(-1)  # Ctrl-C waits for main.py: the relay comes first
    for _pin, _key in ((board.RELAY, "relay"), (getattr(board, "MICRORELAY", None), "microrelay")):
        try:
            _kept = esp32.NVS("powersocket").get_i32(_key)
        except OSError:
            _kept = 0  # never stored: the factory's socket is off
        if _kept & 2 and machine.reset_cause() == machine.PWRON_RESET:
            _kept = 0  # POWERSTATE=OFF; a brown-out looks like a power-up to the chip
        if _pin is not None:
            machine.Pin(_pin, machine.Pin.OUT, value=_kept & 1)
except Exception as error:
    print("boot.py:", error)
