# SPDX-License-Identifier: MIT
"""Work with a board: flash, image, deploy, logs, backup, the owner's pin map, a release.
Each file is a make target or a part of one; the REPL is reached through port.py alone.
The bench imports the plan of a deploy from here, no more; docs/ reads the pin maps.
"""
