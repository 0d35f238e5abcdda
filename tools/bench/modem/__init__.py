# SPDX-License-Identifier: MIT
"""A simulated SIM800L, A7670 or SIM7600 (families.py): AT commands (at_*.py), SIM card, habits of
firmwares, and the serial line. module.py is its state, table.py how a command is described;
tool.py offers one to any program.
Imports network/ and the kernel; runs without a world.
"""
