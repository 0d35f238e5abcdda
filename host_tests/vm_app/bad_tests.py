# SPDX-License-Identifier: MIT
"""Tests, most of them bad, for the test of the harness; pytest does not collect this file."""

import asyncio

_kept = []


def test_good():
    assert 1 + 1 == 2


def test_bad():
    assert 1 + 1 == 3, "bad sum"


async def test_raises():
    await asyncio.sleep(1)
    raise ValueError("raised")


async def test_printed():
    print("some hint")
    raise ValueError


async def test_sleeps_a_day():
    for _ in range(24):
        await asyncio.sleep(3600)


async def test_sleeps_for_ever():
    while True:
        await asyncio.sleep(3600)


async def test_waits():
    await asyncio.Event().wait()


def test_loops():
    while True:
        pass


async def test_spins():
    while True:
        await asyncio.sleep(0)


async def test_loses_a_task():
    async def fail():
        raise ValueError("lost")

    _kept.append(asyncio.create_task(fail()))
    await asyncio.sleep(1)


async def test_exits():
    raise SystemExit
