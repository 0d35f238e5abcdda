# SPDX-License-Identifier: MIT
"""The bench page: the running world in a browser (docs/page.md).
server.py talks to the browser, bench.py to the world's thread; static/ is the page.
Imports scenario/ and world/; nothing imports it but what takes pictures or measures.
"""
