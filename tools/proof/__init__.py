# SPDX-License-Identifier: MIT
"""What tries to prove the firmware wrong: power cuts, simulated years, mutants; and what it costs.
Each prints figures that docs/reliability.md and docs/architecture.md quote.
Imports the bench; nothing but tests imports it.
"""
