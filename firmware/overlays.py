"""Code that is wanted now and then: loaded for a use, and dropped a little later.

The linker (tools/linker) moves what runs seldom into files of their own, `lib/cold*.mpy`, and puts
calls of `cold` and `missing` in its place; the sources know nothing of that. Flash is
plentiful and memory is not: four fifths of the code wait for a message, a call or a fault.
"""

import gc
import sys

_MOST = 5  # files that are kept at once
_MARKS = 64  # a place is the number of a file and of a class in it; the last one is no class
_loaded: list = []


def cold(place, name):
    """Return a function that is in an overlay. It may be kept: it holds no code."""
    return lambda *args, **named: _find(place, name)(*args, **named)


def missing(instance, name):
    """Find a method that is not in memory: the `__getattr__` of a class that has such methods.

    Raises:
        AttributeError: there is no such method.
    """
    place = _place(instance, name)
    if place is None:
        raise AttributeError(name)
    if not place:
        return _nothing
    return lambda *args, **named: _find(place, name)(instance, *args, **named)


def made(instance, *args, **named):
    """Initialise an object: the `__init__` of a class that has it in an overlay."""
    _find(_place(instance, "__init__"), "__init__")(instance, *args, **named)


def drop():
    """Forget the overlays; what still runs in one keeps what it needs."""
    if _loaded:
        for name in _loaded:
            _forget(name)
        _loaded.clear()
        gc.collect()


def _place(instance, name):
    """Look in the tables of an object's class and of its bases; "" leads from one to the next."""
    table = instance._cold
    while table is not None:
        if name in table:
            return table[name]
        table = table.get("")
    return None


def _find(place, name):
    owner = _load("cold" + str(place // _MARKS))
    if place % _MARKS != _MARKS - 1:
        owner = getattr(owner, "c" + str(place % _MARKS))
    return getattr(owner, name)


def _load(name):
    if name in _loaded:
        if _loaded[-1] != name:  # in the order of their last use
            _loaded.remove(name)
            _loaded.append(name)
        return sys.modules[name]
    if len(_loaded) >= _MOST:
        _forget(_loaded.pop(0))
    try:
        __import__(name)
    except MemoryError:
        _forget(name)
        drop()
        __import__(name)
    _loaded.append(name)
    return sys.modules[name]


def _forget(name):
    # MicroPython's dict keeps the value of what is deleted, and so the memory, until the place is
    # used again.
    sys.modules[name] = None  # type: ignore[assignment]
    del sys.modules[name]


def _nothing(*_):
    """Stand in for a method without a body."""
