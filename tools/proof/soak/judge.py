# SPDX-License-Identifier: MIT
"""The verdict on a life: it is lived twice at a time, scene by scene, and compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tools.proof.soak.budget import Budget
from tools.proof.soak.compare import differences
from tools.proof.soak.invariants import LARGEST, broken_promises, broken_rules, is_alert
from tools.proof.soak.life import Failed, Player, commands
from tools.proof.soak.story import NO_REFERENCE, Life, Scene


@dataclass
class Verdict:
    """What came of a life.

    Attributes:
        failure: what broke, "" if nothing; scenes: how many were lived.
        ms: simulated time of both lives together; record: bytes of the largest one.
    """

    failure: str = ""
    scenes: int = 0
    ms: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    record: int = 0


def live(life: Life, vm: str = "cpython") -> Verdict:
    """Live a life, undisturbed and with its faults, up to the first scene that fails."""
    verdict = Verdict()
    players = Player(life, False, vm), Player(life, True, vm)
    budgets = Budget(life), Budget(life, True)
    begin = 0
    try:
        for scene in life.scenes:
            verdict.scenes += 1
            failure = next(_failures(scene, players, budgets, begin, verdict), "")
            if failure:
                when = f"{scene.name} with {scene.fault}" if scene.fault else scene.name
                verdict.failure = f"{when}: {failure}"
                break
            begin += scene.length
    finally:
        for player in players:
            player.close()
            verdict.ms += player.world.now
            verdict.counts.update(player.counts)
            verdict.record = max(verdict.record, player.record)
    verdict.counts["commands"] += 2 * commands(life.scenes[: verdict.scenes])
    return verdict


def _failures(
    scene: Scene,
    players: tuple[Player, Player],
    budgets: tuple[Budget, Budget],
    begin: int,
    verdict: Verdict,
) -> Iterator[str]:
    """Play a scene in both lives; yield what is wrong."""
    seen = []
    for player, budget, whose in zip(players, budgets, ("calm", "disturbed"), strict=True):
        try:
            seen.append(player.play(scene, begin))
        except Failed as failure:
            yield f"in the {whose} life, {failure}"
            return
        for what in (*broken_rules(scene, seen[-1]), *budget.broken(scene, seen[-1])):
            yield f"in the {whose} life, {what}"
        alerts = sum(is_alert(text) for _, _, text in seen[-1].messages)
        verdict.counts["alerts"] += alerts
        verdict.counts["replies"] += len(seen[-1].messages) - alerts
        verdict.counts["relay moves"] += len(seen[-1].edges)
        if player.record > LARGEST:
            yield f"a record of {player.record} bytes"
        if not player.disturbed:
            yield from broken_promises(scene, seen[0], budget.binds)
    spent = any(budget.spent for budget in budgets)
    twice = NO_REFERENCE in players[1].life.habits
    calm, other = seen
    yield from differences(scene, calm, other, twice, spent)
