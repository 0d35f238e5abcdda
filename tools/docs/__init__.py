# SPDX-License-Identifier: MIT
"""Makes the pages and pictures of docs/ from the sources that they describe (`make docs`).
A test makes each again and compares, so none is written by hand.
Imports whatever it describes; owner/ and the page's ready commands take the table of commands.
"""
