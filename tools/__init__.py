# SPDX-License-Identifier: MIT
"""What runs on a computer and never on the board, in rooms: board/ (build one, keep one), bench/
(the simulated world), proof/ (what holds it to its promises), docs/ and owner/ (what people read).
Arrows point inward: tools import firmware and lib, which import none of them.
"""
