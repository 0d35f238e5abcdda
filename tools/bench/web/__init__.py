# SPDX-License-Identifier: MIT
"""The bench page: the running world in a browser (docs/page.md)."""
