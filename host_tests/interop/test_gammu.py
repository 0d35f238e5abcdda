# SPDX-License-Identifier: MIT
"""gammu: what its commands make of the simulated SIM800L."""

from __future__ import annotations

import subprocess
from pathlib import Path

from host_tests.interop.modem import (
    ANN,
    BOB,
    LONG_TEXT,
    WIDE_TEXT,
    ModemProcess,
    long_form,
    needs,
    program,
)

pytestmark = needs("gammu", "gammu")

IDENTITY = ("SIMCOM_Ltd", "SIMCOM_SIM800L", "869170031234567", "244051234567890")
NETWORK = ("home network", "244 05", "LAC 0145, CID 2A3B", '"TestNet"', "attached")
PHONE_BOOK = ('"+358508771000"', '"Customer care"', '"112"', '"Hätä & häiriö"')


def gammu(modem: ModemProcess, folder: Path, *lines: str) -> str:
    """Run commands, all in one connection; return what was printed."""
    settings, batch = folder / "gammurc", folder / "batch"
    settings.write_text(f"[gammu]\nport={modem.place}\nmodel=at\nconnection=at115200\n")
    batch.write_text("\n".join(lines) + "\n", encoding="utf-8")
    command = [str(program("gammu")), "-c", str(settings), "batch", str(batch)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=180)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_identity_network_phone_book_and_messages(tmp_path: Path) -> None:
    with ModemProcess("--pty") as modem:
        modem.ready()
        modem.do(f"sms {BOB} {LONG_TEXT}")
        modem.wait("sms_taken")
        said = gammu(
            modem,
            tmp_path,
            "identify",
            "networkinfo",
            "getallmemory SM",
            f'sendsms TEXT {ANN} -text "Hello from gammu"',
            "geteachsms",
        )
        for word in (*IDENTITY, *NETWORK, *PHONE_BOOK, LONG_TEXT):
            assert word in said, word
        modem.wait(f"sms_to {ANN} Hello from gammu")


@long_form
def test_messages_of_every_kind_and_a_restart(tmp_path: Path) -> None:
    with ModemProcess("--pty") as modem:
        modem.ready()
        said = gammu(
            modem,
            tmp_path,
            "getsmsc",
            f'sendsms TEXT {ANN} -autolen 400 -text "{LONG_TEXT}"',
            f'sendsms TEXT {ANN} -unicode -text "{WIDE_TEXT}"',
            f'sendsms TEXT {ANN} -flash -text "Look!"',
            f'sendsms TEXT {ANN} -report -text "And a report"',
        )
        assert '"+358508771010"' in said
        for line in (f"sms_to {ANN} {LONG_TEXT}", f"sms_to {ANN} {WIDE_TEXT}"):
            modem.wait(line)
        modem.wait(f"flash_to {ANN} Look!")
        modem.wait(f"sms_to {ANN} And a report")
        modem.restart()
        for line in (f"sms {BOB} {WIDE_TEXT}", f"flash {BOB} Now", f"sms {BOB} {LONG_TEXT}"):
            modem.do(line)
        modem.wait("sms_taken", 3)
        said = gammu(modem, tmp_path, "geteachsms", "deletesms 0 1", "getsmsfolders", "getallsms")
        first, _, rest = said.partition("getsmsfolders")
        for word in (WIDE_TEXT, LONG_TEXT, "Now", "Class                : 0"):
            assert word in first, word
        assert WIDE_TEXT not in rest and "Now" in rest


@long_form
def test_a_call_and_ussd(tmp_path: Path) -> None:
    """No call to here: gammu does not know the answer to its own ATA (gammu/gammu#365)."""
    with ModemProcess("--pty") as modem:
        modem.ready()
        modem.do(f"phone {ANN} answer")
        gammu(modem, tmp_path, f"dialvoice {ANN}")
        modem.wait(f"call out {ANN} answered")
        gammu(modem, tmp_path, "cancelcall")
        modem.wait(f"call out {ANN} ended")
        for text in ("Balance 5.00 @ home", "Баланс 5 ₽"):
            modem.do(f"ussd *100# {text}")
            assert text in gammu(modem, tmp_path, "getussd *100#")
