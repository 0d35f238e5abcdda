# SPDX-License-Identifier: MIT
"""Simulated years: random lives of the device, each lived calm and with faults, and compared.

Imports tools/bench; only its tests and `python -m tools.proof.soak` import it.
"""
