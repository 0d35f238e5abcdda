"""A level that can be waited for: what contact, mains and button are made of, on every board."""

import asyncio


class Signal:
    """`value`, and `changed()` for the next change."""

    def __init__(self, value):
        self.value = value
        self._event = asyncio.Event()

    def put(self, value):
        """Take a new level."""
        self.value = value
        self._event.set()

    async def changed(self):
        """Wait for the next change; return the level then."""
        await self._event.wait()
        self._event.clear()
        return self.value
