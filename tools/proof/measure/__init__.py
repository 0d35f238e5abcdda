# SPDX-License-Identifier: MIT
"""What the firmware costs: memory, wake-ups, bytes on the wire, flash wear. See __main__.py."""
