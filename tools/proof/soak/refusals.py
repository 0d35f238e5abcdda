# SPDX-License-Identifier: MIT
"""The scenes of what the device refuses: wrong values and texts, settings that come too late,
wrong passwords, strangers."""

from __future__ import annotations

import re

from tools.bench.scenario import steps as s
from tools.proof.soak import words
from tools.proof.soak.scenes import ask, identify, scene
from tools.proof.soak.story import ANY, HOUR, MINUTE, SECOND, STRANGERS, Writer

GUESSES = 8  # wrong passwords before a sender's messages are ignored
TO_ONE, TO_ALL = 5, 20  # errors to one number in ten minutes, and to all in an hour
FORGOTTEN = 10 * MINUTE  # for which the errors of the scene before count
MUTE = r"(\nNo more error messages for a while!)?"


@scene(5, ANY)
def wrong(w: Writer) -> None:
    """Values that are not acceptable, and texts that are no command; what was set stands."""
    w.wait(FORGOTTEN)
    w.open_window()
    w.mark()
    text = w.rng.choice(("RESTARTTIME=601", "POWERSTATE=MAYBE", "RESTARTTIME=0"))
    w.say(text, "Incorrect value!", "error")
    w.wait(MINUTE)
    word = w.rng.choice(("ON", "OFF"))
    w.say(word + w.rng.choice(("0", "65001" if w.ep else "721")), "Incorrect value!", "error")
    w.wait(MINUTE)
    ending = "No such command exists on the device!" if w.ep else "Error!"
    for texts in ("ONN", "Hello there", "STATUS!"), words.lacks(w.model):
        text = w.rng.choice(texts)
        w.say(text, rf"{re.escape(text)} - {ending}(\nDid you mean \w+\?)?", "error")
        w.wait(MINUTE)
    name = w.rng.choice(("RESTARTTIME", "POWERSTATE"))
    w.say(name + "?", words.told(name, w.ground[name], w.model), "tells")
    w.say("x" * 31, "")
    w.wait(20 * MINUTE)


@scene(5)
def expired(w: Writer) -> None:
    """The configuration window has closed."""
    if w.ep and w.secure:
        return ask(w)
    w.wait(max(0, w.window - w.clock_ms) + 5 * MINUTE)
    text = "RESTARTTIME=77"
    limit = r"\(Conf\)" if w.ep else r"\(30min\)"
    w.say(text, rf"{text} - Time for configuration is expired {limit}!", "error")
    if w.ground.get("RENEWINTERVALPW", "NO") != "NO":
        w.life.features.add("RENEWINTERVAL")
        w.wait(MINUTE)
        secret = w.ground["RENEWINTERVALPW"]
        w.say("RENEWINTERVAL" + secret, "Configuration interval renewed")
        w.window = w.clock_ms + 30 * MINUTE
        w.wait(MINUTE)
        w.configure("RESTARTTIME", "5")
    w.wait(10 * MINUTE)
    return None


@scene(4, ANY)
def guarded(w: Writer) -> None:
    """A password is set, forgotten as often as it may be, used, and taken away."""
    w.open_window()
    if w.password:
        w.notice("PASSWORD=**")
        w.say("PASSWORD=NO", "PASSWORD=NO - OK", "conf")
        w.password = ""
        return insecure(w)
    w.notice("PASSWORD=*****")
    w.say("PASSWORD=12abc", r"PASSWORD=\*{5} - OK", "conf")
    w.wait(FORGOTTEN)
    w.mark()
    w.password = "12ABC"
    # A restart forgets how many there were.
    for i in range(1 if w.fault.kind else GUESSES - 1):
        reply = "Invalid access password!" + MUTE if i < TO_ONE else ""
        w.say("ON", reply, "error")
        w.wait(2 * SECOND)
    w.password = "12abc"
    identify(w)
    w.wait(3 * MINUTE)  # a slow network takes that long to answer them all
    w.say("OFF", "Power socket OFF")
    w.edge(False)
    w.wait(10 * MINUTE)
    return None


def insecure(w: Writer) -> None:
    """Without security there is no RENEWINTERVAL."""
    if not w.secure and "RENEWINTERVALPW" in w.ground:
        w.ground["RENEWINTERVALPW"] = "NO"


@scene(3, ANY)
def unlisted(w: Writer) -> None:
    """The security list goes off, and RING with it; then it comes back."""
    if not w.seclist:
        return ask(w)
    w.open_window()
    w.mark()
    for state in ("OFF", "ON"):
        w.notice(f"SECLIST={state}")
        w.say(f"SECLIST={state}", f"SECLIST={state} - OK", "conf")
        w.seclist = state == "ON"
        w.ground["RING"] = "NOACTION"
        insecure(w)
        w.wait(MINUTE)
        w.say("RING?", words.told("RING", "NOACTION", w.model), "tells")
        w.wait(MINUTE)
    return None


def tells_strangers(w: Writer) -> bool:
    """Return whether the errors of those who may not command are answered."""
    return w.ground["ERROR"] == "ON" and (not w.seclist or w.ground["SMSCONFIRMUNAUTH"] == "ON")


@scene(9)
def stranger(w: Writer) -> None:
    """Somebody who may not command tries, or floods."""
    sender = w.rng.choice(STRANGERS)
    text = w.rng.choice(("Hello there", "ON please", "STATUS!"))
    if w.secure:
        text = w.rng.choice((text, "ON", "OFF", "RESTART", "RESTARTTIME=77", "12345ON"))
    times = w.rng.choice((1, 1, 2, 8))
    for _ in range(times):
        w.do(s.SendMessage(sender, text))
        w.wait(20 * SECOND)
    if tells_strangers(w) and sender[0] in "+0":
        pattern = "Access deny!" if w.seclist else "(Invalid access password!|.* - .*)"
        w.promise(sender, pattern + MUTE, 0 if w.password else min(times, 1), min(times, TO_ONE))
    w.wait(HOUR)


@scene(3)
def flood(w: Writer) -> None:
    """Many phones write what is no command; no more than so many of them get an answer."""
    w.wait(HOUR)
    pattern = ("Access deny!" if w.seclist else "Hello - .*") + MUTE
    for i in range(TO_ALL // TO_ONE + 1):
        sender = f"+4477009001{i:02}"
        for _ in range(TO_ONE):
            w.do(s.SendMessage(sender, "Hello"))
            w.wait(30 * SECOND)
        if tells_strangers(w) and i < TO_ALL // TO_ONE:
            w.promise(sender, pattern, TO_ONE, TO_ONE)
    w.wait(HOUR)
