# SPDX-License-Identifier: MIT
"""Freezes the firmware into an image that you build yourself, in MicroPython's usual way.

This project does not use it: `make deploy` copies .mpy files. docs/build.md says what it saves.

    make -C ports/esp32 BOARD=ESP32_GENERIC FROZEN_MANIFEST=<this file>
"""

include("$(PORT_DIR)/boards/manifest.py")
module("boot.py", base_path="..")
module("main.py", base_path="..")
module("ds18b20.py", base_path="../lib")
package("powersocket", base_path="../lib")
package("sim800", base_path="../lib")
package("firmware", base_path="..")  # with your board.py: `make board` makes it
