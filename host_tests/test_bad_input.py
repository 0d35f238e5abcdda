# SPDX-License-Identifier: MIT
"""Whatever comes over the UART: nothing is answered, the log says what was dropped, and the next
good message works. On both VMs, against the whole firmware."""

from __future__ import annotations

import pytest

from host_tests.world_kit import OWNER, on_line
from tools.bench.world.world import World

pytestmark = pytest.mark.xdist_group("bad input")

GOOD = "0791448720003023040B911346610089F60000208062917314080CC8F71D14969741F977FD07"

NOISE = {
    "a line of 5,000 bytes": b"\r\n" + b"x" * 5000 + b"\r\n",
    "10,000 bytes without an end": b"y" * 10_000,
    "NULs and bytes over 0x7F": bytes(range(128, 256)) * 3 + b"\x00" * 50 + b"\r\n",
    "a NUL in a URC": b'\r\n+CM\x00TI: "SM",1\r\n',
    "unknown URCs": b"\r\n+XYZZY: 1,2,3\r\n\r\n^FOO\r\n\r\nHELLO WORLD\r\n",
    "URCs without their fields": b"".join(
        b"\r\n" + name + b":\r\n" for name in (b"+CMTI", b"+CREG", b"+CPIN", b"+CUSD", b"+CLIP")
    ),
    "a hint to an empty slot": b'\r\n+CMTI: "SM",19\r\n',
    "a hint to slot 99999999999": b'\r\n+CMTI: "SM",99999999999\r\n',
    "an MMS push": b'\r\n+CMTI: "SM",3,"MMS PUSH",1,"x","y"\r\n',
    "stray results": b"\r\nOK\r\n\r\nERROR\r\n\r\n+CMS ERROR: 500\r\n\r\n> ",
    "half a line": b"\r\n+CMTI: ",
}
PDUS = {
    "cut": GOOD[:40],
    "one octet": "00",
    "no hex": "ZZ",
    "odd": GOOD[:-1],
    "a length that lies": GOOD.replace("0CC8F7", "FFC8F7"),
    "an address that lies": GOOD.replace("040B91", "04FF91"),
    "reserved type": "00030B911346610089F60000208062917314080CC8F71D",
    "nothing but an SMSC": "0791448720003023",
}


@pytest.fixture(scope="module", params=["cpython", "micropython"])
def world(request: pytest.FixtureRequest) -> World:
    world = on_line(World(vm=request.param))
    world.run_for(5_000)
    yield world
    world.close()


def works(world: World) -> None:
    """The next good message is carried out and answered, and nothing else was said."""
    count = len(world.network.messages)
    want = "OFF" if world.relay_on else "ON"
    world.run_for(65_000)  # with a sweep in between
    assert len(world.network.messages) == count, world.network.messages[count:]
    world.network.deliver(OWNER, want)
    world.run_for(30_000)
    assert [m.text for m in world.network.messages[count:]] == [f"Power socket {want}"]
    assert world.crashes == 0, world.crash_texts
    world.run_for(601_000)  # no limit of replies in the way of the next test


def _noted(line: str) -> bool:
    """Tell whether a line of the log is about noise: dropped, odd, or no URC that is known."""
    return "dropped" in line or "odd" in line or "\\x00" in line


@pytest.mark.parametrize("name", NOISE)
def test_noise_on_the_line(world: World, name: str) -> None:
    lines = len(world.logs)
    world.line.to_device.inject(NOISE[name])
    world.run_for(3_000)
    works(world)
    if name != "half a line" and not name.startswith(("a hint", "an MMS")):
        assert any(_noted(line) for line in world.logs[lines:]), world.logs[-9:]


@pytest.mark.parametrize("name", NOISE)
def test_noise_in_an_exchange(world: World, name: str) -> None:
    """The same while a command runs: at worst the command fails and is tried again."""
    world.network.deliver(OWNER, "STATUS")
    sent = world.line.to_modem.sent
    world.run_until(lambda: world.line.to_modem.sent > sent, 5_000)  # AT+CMGR
    world.line.to_device.inject(NOISE[name])
    world.run_for(180_000)
    works(world)


@pytest.mark.parametrize("name", PDUS)
def test_malformed_pdus_in_the_sim(world: World, name: str) -> None:
    """An entry that cannot be read, however it is read, is dropped from the SIM, and said so."""
    lines = len(world.logs)

    def broken(data: bytes) -> list[bytes] | None:
        head, mark, tail = data.partition(b"+CMGR: " if b"+CMGR: " in data else b"+CMGL: ")
        if not mark:
            return None
        first, _, rest = tail.partition(b"\r\n")
        return [
            head
            + mark
            + first
            + b"\r\n"
            + PDUS[name].encode()
            + b"\r\n"
            + rest.split(b"\r\n", 1)[1]
        ]

    world.line.to_device.hook = broken
    world.network.deliver(OWNER, "Power")
    world.run_for(20_000)
    world.line.to_device.hook = None
    assert any("unreadable" in line or "dropped" in line for line in world.logs[lines:]), (
        world.logs[lines:]
    )
    works(world)


@pytest.mark.parametrize("text", ["", " ", "\n", "\r\n\t "])
def test_empty_messages(world: World, text: str) -> None:
    world.network.deliver(OWNER, text)
    works(world)
