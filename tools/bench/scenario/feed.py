# SPDX-License-Identifier: MIT
"""Hands observations out to any number of subscribers; a slow one loses some."""

from __future__ import annotations

import asyncio

from tools.bench.scenario.observations import Observation

CAPACITY = 10_000  # observations that a subscriber may be behind


class Subscription:
    """An endless stream of observations; it ends when the feed is closed.

    Attributes:
        lost: how many were dropped because they were not taken in time.
    """

    def __init__(self, feed: Feed, capacity: int) -> None:
        self._feed = feed
        self._queue: asyncio.Queue[Observation | None] = asyncio.Queue(capacity)
        self._over = False
        self.lost = 0

    def put(self, observation: Observation | None) -> None:
        """Add an observation, None for the end; drop the oldest if there is no room."""
        if self._queue.full():
            self._queue.get_nowait()
            self.lost += 1
        self._queue.put_nowait(observation)

    def close(self) -> None:
        """Take no more."""
        self._feed.forget(self)

    def __aiter__(self) -> Subscription:
        return self

    async def __anext__(self) -> Observation:
        observation = None if self._over else await self._queue.get()
        if observation is None:
            self._over = True
            raise StopAsyncIteration
        return observation


class Feed:
    """Where observations come in."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._subscriptions: list[Subscription] = []
        self._closed = False

    def subscribe(self) -> Subscription:
        """Return a new stream of everything from now on."""
        subscription = Subscription(self, self._capacity)
        if self._closed:
            subscription.put(None)
        else:
            self._subscriptions.append(subscription)
        return subscription

    def forget(self, subscription: Subscription) -> None:
        """Give a subscriber nothing more."""
        if subscription in self._subscriptions:
            self._subscriptions.remove(subscription)

    def publish(self, observation: Observation) -> None:
        """Hand an observation to every subscriber."""
        for subscription in self._subscriptions:
            subscription.put(observation)

    def close(self) -> None:
        """End every stream after what it still holds."""
        self._closed = True
        for subscription in self._subscriptions:
            subscription.put(None)
        self._subscriptions.clear()
