# SPDX-License-Identifier: MIT
"""What runs on the board: the application around the portable device, and the hardware."""
