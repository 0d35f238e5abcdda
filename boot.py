"""First thing at every start: the relay to its remembered level.

Nothing here waits, and nothing here may raise: an exception would keep main.py from running.
"""

try:
    import esp32
    from machine import Pin

    from firmware import board

    try:
        _level = esp32.NVS("powersocket").get_i32("relay")
    except OSError:
        _level = 0  # never stored: the factory's socket is off
    Pin(board.RELAY, Pin.OUT, value=_level)
except Exception as error:
    print("boot.py:", error)
