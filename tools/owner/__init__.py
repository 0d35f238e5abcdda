# SPDX-License-Identifier: MIT
"""What the owner gets who never sees a terminal: the remote, the quick-start card, the manual."""
