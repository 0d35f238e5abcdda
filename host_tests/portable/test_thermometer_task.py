# SPDX-License-Identifier: MIT
"""The task that reads the thermometer: once a minute, and at once when asked."""

import asyncio

from sim800.link import bounded

from firmware.watches import ThermometerWatch


class App:
    """Notes the readings; a minute is as long as `minute` says."""

    def __init__(self):
        self.device = self
        self.readings = []
        self.lines = []
        self.deadlines = []
        self.minute = 0.05
        self.settled = 0

    def log(self, line):
        self.lines.append(line)

    def now(self):
        return 1000

    async def pause(self, worker, due):
        self.deadlines.append(due)
        await bounded(worker.wanted, self.minute)
        worker.wanted.clear()

    def reading(self, value, now):
        self.readings.append(value)

    def settle(self):
        self.settled += 1


class Sensor:
    """Answers what it is given; an exception is raised, None never answers."""

    def __init__(self, answers):
        self.answers = answers

    async def read(self):
        answer = self.answers.pop(0)
        if answer is None:
            await asyncio.Event().wait()
        if isinstance(answer, Exception):
            raise answer
        return answer


async def run(app, watch, until):
    """Run the task until so many readings were made."""
    task = asyncio.create_task(watch.run_forever())
    while len(app.readings) < until:
        await asyncio.sleep(0.01)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        pass


async def test_failures_are_readings_too():
    app = App()
    answers = [336, Exception("crc"), Exception("crc"), None, OSError(5), 0, -8, 336]
    await run(app, ThermometerWatch(app, Sensor(answers)), 7)
    assert app.readings == [336, None, None, None, None, 0, -8]
    assert app.settled == 7
    assert app.deadlines[:3] == [1060, 1060, 1060]
    assert len(app.lines) == 4, app.lines  # crc, no answer, OSError, and that it reads again
    assert app.lines[-1] == "thermometer: reads again"


async def test_at_once():
    app = App()
    app.minute = 3600
    watch = ThermometerWatch(app, Sensor([1, 2, 3]))
    task = asyncio.create_task(watch.run_forever())
    await asyncio.sleep(1)
    assert app.readings == [1]
    watch.wanted.set()
    await asyncio.sleep(1)
    assert app.readings == [1, 2]
    await asyncio.sleep(1)
    assert app.readings == [1, 2]
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        pass


async def test_what_is_wanted_during_a_reading_has_that_one():
    app = App()
    app.minute = 3600
    watch = None

    class Slow:
        async def read(self):
            watch.wanted.set()
            await asyncio.sleep(0.75)
            return 1

    watch = ThermometerWatch(app, Slow())
    task = asyncio.create_task(watch.run_forever())
    await asyncio.sleep(10)
    assert app.readings == [1]
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        pass
