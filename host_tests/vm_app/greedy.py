# SPDX-License-Identifier: MIT
"""The firmware with a setting that asks for more memory than there is, once it was changed."""


async def run_forever(board):
    """Run the firmware."""
    device = __import__("powersocket.device", None, None, ("Device",)).Device
    change = device.set

    def change_and_fail(self, name, value):
        change(self, name, value)
        if value == 77:
            bytearray(1 << 20)

    device.set = change_and_fail
    app = __import__("firmware.app", None, None, ("run_forever",))
    await app.run_forever(board)
