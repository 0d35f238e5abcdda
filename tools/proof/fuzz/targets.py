# SPDX-License-Identifier: MIT
"""The targets by name; each takes bytes, and raises if a promise is broken."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tools.proof.fuzz.device import MODELS, Bench, Memory
from tools.proof.fuzz.messages import at, pdu
from tools.proof.fuzz.orders import PASSWORD, interpreter
from tools.proof.fuzz.stored import record


class Target(NamedTuple):
    """longest: bytes of an input; words: what coverage alone would not guess."""

    check: Callable[[bytes], None]
    longest: int
    words: Callable[[], set[str]]


def _answers() -> set[str]:
    marks = ("CMTI: ", "CMGL: ", "CMGR: ", "CMS ERROR: ", "CUSD: 0,", "CMT: ", "CSQ: ", "CFUN: 1")
    words = ("OK", "ERROR", "> ", "RING", "RDY", "NO CARRIER", "BUSY", "SMS Ready", "\r\n")
    return {"\r\n+" + mark for mark in marks} | {"\r\n" + word for word in words}


def _commands() -> set[str]:
    features = [feature for model in MODELS for feature in Bench(model, Memory()).device.features]
    return {row[0].rstrip("#@") for each in features for row in each.rows()} | {PASSWORD}


TARGETS = {
    "pdu": Target(pdu, 175, set),
    "at": Target(at, 160, _answers),
    "interpreter": Target(interpreter, 120, _commands),
    "record": Target(record, 26, set),
}
