# SPDX-License-Identifier: MIT
"""The world: the board's power and pins, its flash, sensors and mains, phones and a modem.
world.py puts it together; it says what time it is, and nobody else does.
Imports network/, modem/ and runners/; scenario/, web/ and proof/ work it.
"""
