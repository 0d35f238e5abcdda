"""Code that is wanted now and then: loaded for a use, and dropped a little later.

The linker (tools/linker) moves what runs seldom into files of its own, `lib/cold_*.mpy`, and puts
calls of `load_cold` and `missing` in its place; the sources know nothing of that. Flash is
plentiful and memory is not: four fifths of the code wait for a message, a call or a fault.
"""

import gc
import sys

_MOST = 3  # files that are kept at once
_loaded: list = []


def load_cold(name):
    """Return an overlay, from flash if need be."""
    if name not in _loaded:
        if len(_loaded) >= _MOST:
            drop()
        try:
            __import__(name)
        except MemoryError:
            sys.modules.pop(name, None)
            drop()
            __import__(name)
        _loaded.append(name)
    return sys.modules[name]


def drop():
    """Forget the overlays; what still runs in one keeps what it needs."""
    if _loaded:
        for name in _loaded:
            sys.modules.pop(name, None)
        _loaded.clear()
        gc.collect()


def missing(instance, name):
    """Find a method that is not in memory: the `__getattr__` of a class that has such methods.

    Raises:
        AttributeError: there is no such method.
    """
    place = instance._cold.get(name)
    if place is None:
        raise AttributeError(name)
    if not place:
        return _nothing
    # What is returned may be kept, so it holds no code: it looks for it when it is called.
    return lambda *args, **named: _method(place, name)(instance, *args, **named)


def made(instance, *args, **named):
    """Initialise an object: the `__init__` of a class that has it in an overlay."""
    _method(instance._cold["__init__"], "__init__")(instance, *args, **named)


def _method(place, name):
    file, _, owner = place.partition(" ")
    return getattr(getattr(load_cold(file), owner), name)


def _nothing(*_):
    """Stand in for a method without a body."""
