# SPDX-License-Identifier: MIT
"""The bench: the firmware, unchanged, in a simulated world that owns the time (kernel.py).
Rooms, each may import those before it: network/ (operator and phones), modem/ (SIM800L), runners/
(CPython or the VM with the firmware), world/ (all of it together), scenario/ (its language), web/.
"""
