# SPDX-License-Identifier: MIT
"""The bench: a simulated world around the firmware, a player of scenarios, a terminal."""
