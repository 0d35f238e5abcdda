# SPDX-License-Identifier: MIT
"""The task that does errands: one at a time, ended at once when the device drops one; calls."""

import asyncio

from device_kit import Kit
from sim800.errors import AtError

from firmware.phone import ErrandRunner
from firmware.watches import watch


class App:
    """A device, the runner of its errands, and the modem: a call lasts until `end` is set."""

    def __init__(self):
        self.kit = Kit()
        self.device = self.kit.device
        self.online = self.registered = True
        self.looks = 0
        self.done = []
        self.began = []
        self.ended = []
        self.end = asyncio.Event()
        self.calls = self
        self.state = "idle"
        self.runner = ErrandRunner(self, self, self, None)
        self.device.features[0].errand_done = self.errand_done

    def errand_done(self, kind, note, result, now):
        self.done.append((kind, note, result))

    async def dial(self, number, setup, ring):
        self.began.append(number)
        try:
            await self.end.wait()
            return "answered"
        finally:
            self.ended.append(number)

    def release(self):
        pass

    async def look_at_registration(self):
        self.looks += 1

    def tell(self):
        self.told = True

    async def ussd(self, code):
        raise AtError("AT+CUSD", "ERROR")

    def log(self, line):
        pass

    def now(self):
        return 5

    async def pause(self, worker):
        await worker.wanted.wait()
        worker.wanted.clear()

    def settle(self):
        self.kit.commit()
        if self.device.errands.first() is not None:
            self.runner.wanted.set()
        self.runner.obey()

    def add(self, number, note="alarm"):
        self.device.errands.add("call", number + " 20", note)
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
    app.device.errands.add("ussd", "*100#", "credit")
    await turns()
    assert app.began == ["a"] and app.done == []
    assert app.kit.stored()["errands"][0] == ["call", "a 20", "alarm", True]
    app.end.set()
    await turns()
    assert app.began == ["a", "b"]
    assert app.done == [
        ("call", "alarm", "answered"),
        ("call", "other", "answered"),
        ("odd", "", ""),  # another version's
        ("ussd", "credit", ""),  # refused
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
    assert app.kit.stored()["errands"] == [
        ["call", "a 20", "alarm", True]
    ]  # cut off, at the start


async def rung(argument, result):
    """Let the runner do the errand of a call that ends in that way; return what it did."""
    app = App()
    calls = Calls(result)
    app.calls = calls
    task = asyncio.create_task(app.runner.run_forever())
    app.device.errands.add("call", argument, "alarm")
    app.settle()
    await turns()
    await stop(task)
    assert len(app.done) == 1
    return app.done[0][2], calls


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
        found, calls = await rung("+358401 20", result)
        assert found == told
        assert calls.dialled == [("+358401", 30, 20)]
        assert calls.released == (result == "answered")
    for odd in ("", "+358401", "+358401 ", "+358401 x"):
        found, calls = await rung(odd, "answered")
        assert found == "failed"
        assert calls.dialled == []


class Unreachable(Calls):
    """The network is lost while it is called."""

    def __init__(self, result, app):
        super().__init__(result)
        self.app = app

    async def dial(self, number, setup, ring):
        self.app.registered = False
        return await super().dial(number, setup, ring)


async def test_a_call_that_could_not_be_made_is_made_later():
    """The number of an alarm is not passed over because the modem was not on the network."""
    for result in ("failed", "unreachable"):
        app = App()
        app.calls = calls = Unreachable(result, app)
        app.told = False
        task = asyncio.create_task(app.runner.run_forever())
        app.add("b", "confirmation")
        await turns()
        assert app.done == [("call", "confirmation", result)] and not app.looks
        app.registered = True
        app.add("a")
        await asyncio.sleep(5)
        assert len(calls.dialled) == 2 and app.told and len(app.done) == 1
        assert app.kit.stored()["errands"] == [["call", "a 20", "alarm", False]]
        await asyncio.sleep(60)
        assert len(calls.dialled) == 2  # it waits for the network
        app.registered = True
        app.runner.wanted.set()
        await turns()
        assert len(calls.dialled) == 3
        app.cancel()  # ALARMOFF
        app.registered = True
        await asyncio.sleep(20)
        assert len(calls.dialled) == 3 and len(app.done) == 1
        app.calls = Calls("answered")
        app.add("a")
        await turns()
        assert app.done[1:] == [("call", "alarm", "answered")]
        await stop(task)


class Listening:
    """A call with the microphone open."""

    def __init__(self):
        self.now = True
        self.begun = 0

    def going_on(self):
        return self.now

    def begin(self):
        self.begun += 1


async def test_only_an_alarm_call_interrupts_a_listener():
    app = App()
    talk = Listening()
    app.runner = ErrandRunner(app, app, app, talk)
    hung_up = []

    async def hang_up():
        hung_up.append(talk.now)
        talk.now = False

    app.hang_up = hang_up
    task = asyncio.create_task(app.runner.run_forever())
    app.add("a", "callback")
    await turns()
    assert app.began == [] and hung_up == []
    app.device.errands.add("call", "b 20", "alarm", True)
    app.settle()
    await turns()
    assert app.began == ["b"] and hung_up == [True]
    app.end.set()
    await turns()
    assert app.began == ["b", "a"]  # nobody listens any more
    assert talk.begun == 2
    await stop(task)


async def test_the_contact_is_reported_at_the_start_and_at_every_change():
    class Port:
        def __init__(self):
            self.value = True
            self.event = asyncio.Event()

        async def changed(self):
            await self.event.wait()
            self.event.clear()
            return self.value

    told = []
    port = Port()
    task = asyncio.create_task(watch(port, told.append))
    await turns()
    assert told == [True]
    port.value = False
    port.event.set()
    await turns()
    assert told == [True, False]
    await stop(task)
