// SPDX-License-Identifier: MIT
// What the page runs on the board, in MicroPython.

const quote = (text) => JSON.stringify(text); // JSON's escapes are Python's too

export const VERSION = `
import sys
print(".".join(map(str, sys.implementation[1][:3])), end="")
`;

export const READ_MAP = `
with open("/firmware/board.py") as file:
    print(file.read(), end="")
`;

/** Write the map under another name, look through it, and let it take its place if it is good. */
export const writeMap = (text) => `
import os
from firmware.pins import problems
new = "/firmware/board.py.new"
with open(new, "w") as file:
    file.write(${quote(text)})
with open(new) as file:
    source = file.read()
names = {}
exec(source, names)
class Map:
    pass
for name, value in names.items():
    setattr(Map, name, value)
wrong = problems(Map)
for line in wrong:
    print(line)
if wrong:
    os.remove(new)
else:
    os.rename(new, "/firmware/board.py")
`;

export const SELF_TEST = `
from firmware import selftest
selftest.run()
`;

export const CRASHES = `
for path in ("/crash.old", "/crash.log"):
    try:
        with open(path) as file:
            print(file.read(), end="")
    except OSError:
        pass
`;
