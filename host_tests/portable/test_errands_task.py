"""The task that does errands: one at a time, ended at once when the device drops one; calls."""

import asyncio

from device_kit import Kit

from firmware.phone import Caller, ErrandRunner
from firmware.watches import ContactWatch


class App:
    """A device and the runner of its errands; a call lasts until `Line.end` is set."""

    def __init__(self):
        self.kit = Kit()
        self.device = self.kit.device
        self.online = True
        self.done = []
        self.began = []
        self.ended = []
        self.end = asyncio.Event()
        self.result = "answered"
        self.runner = ErrandRunner(self, self, {"call": self.call}, lambda errand: False)
        self.device.features[0].errand_done = self.errand_done

    def errand_done(self, kind, note, result, now):
        self.done.append((kind, note, result))

    async def call(self, argument):
        self.began.append(argument)
        try:
            await self.end.wait()
            return self.result
        finally:
            self.ended.append(argument)

    def now(self):
        return 5

    def settle(self):
        self.kit.commit()
        if self.device.errands.first() is not None:
            self.runner.wanted.set()
        self.runner.obey()

    def add(self, argument, note="alarm"):
        self.device.errands.add("call", argument, note)
        self.settle()

    def cancel(self, note="alarm"):
        self.device.errands.cancel("call", note)
        self.settle()


async def turns(count=20):
    for _ in range(count):
        await asyncio.sleep(0)


async def stop(task):
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        pass


async def test_one_after_the_other():
    app = App()
    task = asyncio.create_task(app.runner.run_forever())
    app.add("a")
    app.add("b", "other")
    app.device.errands.add("odd", "c", "")
    await turns()
    assert app.began == ["a"] and app.done == []
    assert app.kit.stored()["errands"][0] == ["call", "a", "alarm", True]
    app.end.set()
    await turns()
    assert app.began == ["a", "b"]
    assert app.done == [
        ("call", "alarm", "answered"),
        ("call", "other", "answered"),
        ("odd", "", ""),
    ]
    assert app.kit.stored()["errands"] == []
    await stop(task)


async def test_dropped_while_it_is_done():
    app = App()
    task = asyncio.create_task(app.runner.run_forever())
    app.add("a")
    await turns()
    app.cancel("other")
    await turns()
    assert app.ended == []
    app.cancel()
    await turns()
    assert app.ended == ["a"] and app.done == []  # its feature hears nothing of it
    app.add("b")
    await turns()
    assert app.began == ["a", "b"]
    app.end.set()
    await turns()
    assert app.done == [("call", "alarm", "answered")]
    await stop(task)


async def test_dropped_before_it_began():
    app = App()
    task = asyncio.create_task(app.runner.run_forever())
    app.online = False
    app.add("a")
    await turns()
    app.cancel()
    app.online = True
    app.runner.wanted.set()
    await turns()
    assert app.began == [] and app.done == []
    await stop(task)


async def test_dropped_in_the_moment_of_its_end():
    for again in (False, True):
        app = App()
        task = asyncio.create_task(app.runner.run_forever())
        app.add("a")
        await turns()
        app.end.set()
        app.cancel()
        if again:
            app.add("a")  # an equal one is another one
        await turns()
        assert app.done == ([("call", "alarm", "answered")] if again else [])
        assert len(app.began) == 1 + again
        await stop(task)


async def test_the_runner_itself_is_ended():
    app = App()
    task = asyncio.create_task(app.runner.run_forever())
    app.add("a")
    await turns()
    task.cancel()
    cancelled = False
    try:
        await task
    except asyncio.CancelledError:
        cancelled = True
    assert cancelled and app.ended == ["a"]
    assert app.kit.stored()["errands"] == [["call", "a", "alarm", True]]  # cut off, at the start


class Calls:
    """Answers every call with `result`."""

    def __init__(self, result):
        self.result = result
        self.dialled = []
        self.released = 0

    async def dial(self, number, setup, ring):
        self.dialled.append((number, setup, ring))
        return self.result

    def release(self):
        self.released += 1


async def test_calls():
    for result, told in (
        ("answered", "answered"),
        ("rejected", "rejected"),
        ("busy", "busy"),
        ("no answer", "unanswered"),
        ("unreachable", "unreachable"),
        ("failed", "failed"),
    ):
        calls = Calls(result)
        assert await Caller(calls, None).ring("+358401 20") == told
        assert calls.dialled == [("+358401", 30, 20)]
        assert calls.released == (result == "answered")
    for odd in ("", "+358401", "+358401 ", "+358401 x"):
        calls = Calls("answered")
        assert await Caller(calls, None).ring(odd) == "failed"
        assert calls.dialled == []


async def test_the_contact_is_told_at_the_start_and_at_every_change():
    class Port:
        def __init__(self):
            self.value = True
            self.event = asyncio.Event()

        async def changed(self):
            await self.event.wait()
            self.event.clear()
            return self.value

    app = App()
    told = []
    app.device.contact = lambda closed, now: told.append((closed, now))
    port = Port()
    task = asyncio.create_task(ContactWatch(app, port).run_forever())
    await turns()
    assert told == [(True, 5)]
    port.value = False
    port.event.set()
    await turns()
    assert told == [(True, 5), (False, 5)]
    await stop(task)
