"""Links the device's modules into few, so that they fit into the chip's memory.

Each .mpy file has a table of the names that it uses, and each module of the running program a
dictionary of what it imported: with one idea a file, a third of what the board loads was names.
The linker joins modules at their top level, as bundlers do for the web: imports between them
vanish, constants are folded, what nothing uses is left out. The code of a function stays as it
was written, and every line keeps its place behind its module's first one, so that a traceback is
translated back (`lines.py`).
"""
