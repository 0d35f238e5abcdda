# SPDX-License-Identifier: MIT
"""Runs the firmware, with a halt after each stage of its start. See modules.py. MicroPython."""

import asyncio
import sys


async def _stage(board, name):
    board.log("stage: " + name)
    await asyncio.sleep(0.01)


async def run_forever(board):
    """Start the firmware as `firmware.app` does."""
    __import__("firmware.app")
    start = __import__("firmware.compose", None, None, ("compose",))
    release = sys.modules["sim800"].release
    __import__("powersocket.models")
    sys.modules["powersocket.models"].load(board.config["MODEL"])  # imports the features
    release("powersocket.models")
    await _stage(board, "imported")
    app = sys.modules["firmware.app"].App(board)
    start.compose(app)
    await _stage(board, "composed")
    start.begin(app)
    await _stage(board, "begun")
    del start
    release("firmware.compose")
    await _stage(board, "released")
    await app.failed()
