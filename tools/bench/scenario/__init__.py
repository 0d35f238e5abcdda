# SPDX-License-Identifier: MIT
"""The language of the acceptance tests (host_tests/scenarios/): read, played, shown in a terminal.
files.py reads, steps.py and expected.py are what is read, player.py and session.py play it.
Imports world/; web/ and proof/ import it.
"""
