# SPDX-License-Identifier: MIT
"""What the firmware runs in: this process, the MicroPython VM, or what stands for a board's port.
Each is told the time and gives back what the firmware did; ports.py and chip/ run inside it.
Imports no other room of the bench; world/ makes what runs the firmware.
"""
