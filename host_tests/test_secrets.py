# SPDX-License-Identifier: MIT
"""No password on the bench's screen or in its trace."""

from __future__ import annotations

import pytest

from host_tests.world_kit import OWNER, on_line
from tools.bench.world.world import World


@pytest.mark.parametrize("spelled", ["PASSWORD=12abC", "password = 12abC", "Password=12abC"])
def test_no_observer_sees_a_password(spelled: str) -> None:
    world = World()
    seen: list[tuple[str, str]] = []
    world.observe(lambda kind, text: seen.append((kind, text)))
    on_line(world)
    texts = (
        spelled,
        "12abCSTATUS",
        "12abCPASSWORD?",
        "STATUS12abC",
        "12abCPASSWORD=9zZz9",
        "9zZz9ON",
    )
    for text in texts:
        world.network.deliver(OWNER, text)
        world.run_for(20_000)
    assert world.relay_on
    pdus = " ".join(text for kind, text in seen if kind == "uart_rx" and "+CMGR" in text)
    assert pdus.count("<PDU of") == len(texts), pdus
    for kind, text in seen:
        if kind != "sms_to":  # `STATUS12abC - No such command ..` goes back to who wrote it
            assert "12abC" not in text, (kind, text)
            assert "9zZz9" not in text, (kind, text)
    # What holds no secret is shown as it is.
    world.network.deliver(OWNER, "9zZz9PASSWORD=NO")
    world.run_for(20_000)
    world.network.deliver(OWNER, "OFF")
    world.run_for(20_000)
    assert ("sms_from", f"{OWNER} OFF") in seen
    assert "<PDU" not in [text for kind, text in seen if kind == "uart_rx" and "+CMGR" in text][-1]
    assert not world.relay_on
    world.close()
