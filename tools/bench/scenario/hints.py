# SPDX-License-Identifier: MIT
"""What to say to a line that is no step: how it is written, or what may have been meant."""

from __future__ import annotations

import difflib
import re

from tools.bench.network.operator import OFFERS

MODELS = ("EP", "GSM707", "GSM706", "GSM707-LIGHT", "GSM706-LIGHT")
LEDS = ("power", "gsm", "out", "microphone")
PATTERNS = ("steady", "off", "1/s", "4/s", "3/s", "1/3s", "sim")

_FORMS = {
    "led": f"`led NAME PATTERN`: {', '.join(LEDS)}; {', '.join(PATTERNS)}",
    "clock": "`clock 2026-11-20 08:00:00 +01:00` or `clock none`",
    "button": "`button press` or `button hold 10s`, or `button down` and later `button up`",
    "temperature": "`temperature 9.5`, or `missing`, `corrupt` or `85 poweron`",
    "wait": "`wait 90s`",
    "model": f"`model` and one of {', '.join(MODELS)}",
    "signal": "`signal -67` or `signal none`",
    "board": "`board fahrenheit` or `board modem A7670`",
    "modem": "`modem hangs`, `modem restarts`, `modem browns out`, `modem habits NAME ...` or "
    "`modem family A7670`",
    "network": "`network lost`, `network back`, `network without calls` or `network with calls`: "
    f"{', '.join(OFFERS)}",
    "operator": "`operator *100# > TEXT` or `operator *100# silent`",
}
_ABOUT_A_PHONE = (
    "calls",
    "hangs up",
    "answers",
    "is called",
    "will answer",
    "will reject",
    "will not answer",
)


def no_step(words: list[str], phrases: list[str]) -> str:
    """Return that these words are no step, and what may have been meant.

    Args:
        phrases: the steps that are always the same words.
    """
    told = f"`{' '.join(words)}` is not a step"
    if words[0] in _FORMS:
        return f"{told}; it is written {_FORMS[words[0]]}"
    hint = _similar(words, phrases)
    return f"{told}; did you mean {hint}?" if hint else told


def _similar(words: list[str], phrases: list[str]) -> str:
    phrase = " ".join(words).lower()
    if found := difflib.get_close_matches(phrase, phrases, 1, 0.75):
        return f"`{found[0]}`"
    heads = sorted({*_FORMS, *(p.split()[0] for p in phrases)})
    if found := difflib.get_close_matches(words[0].lower(), heads, 1, 0.7):
        choices = [p for p in phrases if p.split()[0] == found[0]]
        exact = words[0] == found[0]
        return " or ".join(f"`{c}`" for c in choices) if exact else f"`{found[0]}`"
    if re.fullmatch(r"\+?[0-9]+|hidden", words[0]):
        about = difflib.get_close_matches(" ".join(words[1:]), _ABOUT_A_PHONE, 1, 0.7)
        return f"`{words[0]} {about[0]}`" if about else f"`{words[0]} > TEXT`"
    return ""
