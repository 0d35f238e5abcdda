# SPDX-License-Identifier: MIT
"""Simulated years: random lives of the device, judged from outside by a model of the manual."""
