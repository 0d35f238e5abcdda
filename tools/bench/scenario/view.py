# SPDX-License-Identifier: MIT
"""Observations as lines for a terminal, in the words of scenarios."""

from __future__ import annotations

from dataclasses import dataclass

from tools.bench.scenario import observations as o
from tools.bench.scenario.report import clock

# ANSI colours; what is not here is plain.
COLOURS = {
    "phone": "\x1b[1;32m",
    "sent": "\x1b[32m",
    "device": "\x1b[36m",
    "call": "\x1b[35m",
    "trace": "\x1b[2m",
    "good": "\x1b[1;34m",
    "bad": "\x1b[1;31m",
}
RESET = "\x1b[0m"
INDENT = " " * 15

WELCOME = """\
{model} on {vm}, in a simulated world, {pace}. It is being switched on.

Send a message:          +31600000001 > ON
                         +31600000001 > RESTARTTIME=5
Change the world:        contact closed     button press     power cycle     network lost
Expect something:        socket on     +31600000001 < Power socket ON     led gsm 1/3s
`help` shows the rest; `quit`, Ctrl-D or Ctrl-C ends it.
"""

HELP = """\
+31600000001 > TEXT         a message to the device; \\n is a line break; "TEXT" is taken literally
Vodafone > TEXT             the same from a name; `hidden > TEXT` without a sender
+31600000001 calls          also `hangs up`, `will answer`, `will reject`, `will not answer`
temperature 9.5             also `missing`, `corrupt`, `85 poweron`
contact closed              or `open`
button press                or `button hold 10s`; or `button down` .. `button up`
mains off, mains on         power off, power on, power cycle
chip restarts               modem hangs, modem restarts, modem browns out
network lost, network back  network without calls, network with calls; also 2G, LTE, SMS
sim missing, sim back, sim pin, sim full
signal -67                  or `none`
operator *100# > TEXT       the operator's answer to that code; or `silent`
wait 30m                    lets half an hour pass at full speed

+31600000001 < TEXT         the next message to that phone is TEXT; `<~ TEXT` with * for anything
                            within a line, `<~~ TEXT` also across lines
+31600000001 < nothing      nothing comes
+31600000001 is called      nobody is called, call answered, call ends
socket on                   microrelay off, led out steady, asleep, online
socket on within 5m         with another time limit; `nothing for 2h`

speed 60                    a minute per second; `speed 1`, `speed max`, `speed 0` stops the clock
trace on, trace off         AT traffic and device log
help, quit
"""


@dataclass(frozen=True)
class Line:
    """A line to show: its style (a key of COLOURS, or nothing) and text."""

    text: str
    style: str = ""

    def render(self, coloured: bool) -> str:
        """Return it for a terminal with or without colours."""
        colour = COLOURS.get(self.style, "") if coloured else ""
        return f"{colour}{self.text}{RESET}" if colour else self.text


def describe(observation: o.Observation, trace: bool) -> Line | None:
    """Return how to show an observation; None: not at all."""
    told = tell(observation, trace)
    if told is None:
        return None
    text, style = told
    text = text.replace("\n", "\n" + INDENT)
    return Line(f"{clock(observation.at):>13}  {printable(text)}", style)


def printable(text: str) -> str:
    """Return text without what would steer the terminal; a line break may stay."""
    return "".join(c if c == "\n" or c.isprintable() else f"\\x{ord(c):02x}" for c in text)


def tell(seen: o.Observation, trace: bool) -> tuple[str, str] | None:
    """Return an observation in words, and its style; None: it is not shown."""
    match seen:
        case o.MessageToPhone():
            return f"{seen.to} < {seen.text}", "phone"
        case o.MessageFromPhone():
            return f"{seen.sender} > {seen.text}", "sent"
        case o.RelaySwitched():
            cause = f" by {seen.cause}" if seen.cause else ""
            return f"{seen.relay} {'on' if seen.on else 'off'}{cause}", "device"
        case o.LedChanged():
            return f"led {seen.led} {seen.pattern}", "device"
        case o.CallChanged():
            whom = f"the device calls {seen.number}" if seen.by_device else f"{seen.number} calls"
            return f"{whom}: {seen.state}", "call"
        case o.OnlineChanged():
            return ("the device is on line" if seen.online else "the device is off line"), "good"
        case o.StepDone():
            return _outcome(seen)
        case o.DeviceCrashed():
            return f"the firmware crashed and restarts:\n{seen.traceback}", "bad"
        case o.DeviceFault():
            return f"the firmware was stopped, the chip restarts:\n{seen.text}", "bad"
        case o.DeviceLog() if seen.refused and not trace:
            return f"the device refused a message: {seen.refused}", "bad"
    return _trace(seen) if trace else _event(seen)


def _outcome(done: o.StepDone) -> tuple[str, str] | None:
    if not done.held:
        return f"FAILED  {done.step}\n{done.reason}", "bad"
    return f"done    {done.step}", "good"


def _event(seen: o.Observation) -> tuple[str, str] | None:
    if isinstance(seen, o.OtherEvent) and seen.kind in ("power", "mains", "ussd", "sleep"):
        text = "asleep" if seen.kind == "sleep" else f"{seen.kind} {seen.text}"
        return {"mains 0": "mains off", "mains 1": "mains on"}.get(text, text), "device"
    if isinstance(seen, o.OtherEvent) and seen.kind == "restart":
        return f"the chip restarts ({seen.text})", "bad" if seen.text == "watchdog" else "device"
    return None


def _trace(seen: o.Observation) -> tuple[str, str] | None:
    match seen:
        case o.UartTraffic():
            return f"{'-> modem' if seen.sent else '<- modem'}  {seen.text}", "trace"
        case o.DeviceLog():
            return f"log       {seen.text}", "trace"
        case o.OtherEvent():
            return _event(seen) or (f"{seen.kind:<8}  {seen.text}", "trace")
    return None
