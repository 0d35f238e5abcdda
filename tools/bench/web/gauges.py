# SPDX-License-Identifier: MIT
"""How the world stands at this moment: what the page's lamps, knobs and switches show."""

from __future__ import annotations

from typing import Any

from tools.bench.web.room import Room
from tools.bench.web.watch import Watch
from tools.bench.world.record import cause
from tools.bench.world.world import World


def read(world: World, watch: Watch, room: Room, now: int, online: bool) -> dict[str, Any]:
    """Return the state of everything that can be seen or worked.

    Called beside the running world: single values are read, nothing is changed, so that the worst
    that can come of it is a value that is a moment old.
    """
    sim, network, modem = world.sim, world.network, world.modem
    thermometer = world.thermometer
    leds = world.leds
    began = network.began
    return {
        "powered": world.powered,
        "running": world.chip.occupied,
        "asleep": world.asleep,
        "online": online,
        "socket": world.relay_on,
        "cause": cause(watch.record, "socket", world.relay_on),
        "microrelay": world.microrelay_on,
        "leds": {name: led.pattern for name, led in leds.items()},
        "button": world.button.down,
        "mains": world.mains.on,
        "contact": world.contact.closed,
        "celsius": thermometer.celsius,
        "thermometer": thermometer.fault or "ok",
        "set_point": watch.set_point,
        "room": room.appliance,
        "outside": room.outside,
        "sim": "missing" if not sim.present else {"READY": "ready"}.get(sim.state, sim.state),
        "sim_used": sim.storage.used,
        "sim_capacity": sim.storage.capacity,
        "signal": network.signal,
        "network": not network.lost,
        "modem": _modem(modem),
        "waiting": network.waiting,
        "device_time": watch.device_time(now),
        "began": None if began is None else began.replace(tzinfo=None).isoformat(" "),
        "boots": world.boots,
        "crashes": world.crashes,
    }


def _modem(modem: Any) -> str:
    if not modem.started:
        return "off"
    return "hangs" if modem.hung else "runs"
