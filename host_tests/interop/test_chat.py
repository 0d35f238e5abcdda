# SPDX-License-Identifier: MIT
"""chat, of pppd: scripts of what to expect and what to send, as start-up scripts have them."""

from __future__ import annotations

import subprocess

from host_tests.interop.modem import ANN, BOB, ModemProcess, long_form, needs, program

pytestmark = needs("chat", "ppp")

NOTHING = r"\c"  # sent, it is not even a carriage return
SECONDS = "20"


def chat(modem: ModemProcess, *script: str) -> None:
    """Run a script: by turns what to expect and what to send. It fails if that never comes."""
    command = [str(program("chat")), "-V", "-S", "-t", SECONDS, *script]
    with open(modem.place, "r+b", buffering=0) as port:
        done = subprocess.run(
            command, stdin=port, stdout=port, stderr=subprocess.PIPE, timeout=120
        )
    assert done.returncode == 0, (done.returncode, done.stderr, modem.lines[-5:])


def test_identity_network_and_a_message() -> None:
    with ModemProcess("--pty") as modem:
        modem.ready()
        chat(
            modem,
            *("", "ATZ", "OK", "ATE1V1+CMEE=2", "OK", "ATI", "SIM800 R14.18", NOTHING),
            *("OK", "AT+CGMM", "SIMCOM_SIM800L", NOTHING, "OK", "AT+CPIN?", "READY", NOTHING),
            *("OK", "AT+CREG?", "CREG: 0,1", NOTHING, "OK", "AT+COPS?", "TestNet", NOTHING),
            *("OK", "AT+CPBR=1,250", "Customer care", NOTHING, "OK", "AT+CMGF=1"),
            *("OK", f'AT+CMGS="{ANN}"', ">", r"Hello from chat^Z\c", "CMGS:", NOTHING, "OK"),
        )
        modem.wait(f"sms_to {ANN} Hello from chat")


@long_form
def test_messages_calls_ussd_and_a_restart() -> None:
    with ModemProcess("--pty") as modem:
        modem.ready()
        modem.do("ussd *100# Balance 5.00")
        modem.do(f"phone {ANN} answer")
        chat(
            modem,
            *("", "ATE1V1+MORING=1;+CLIP=1;+CMGF=1;+CNMI=2,2,0,0,0"),
            *("OK", 'AT+CUSD=1,"*100#"', '+CUSD: 0, "Balance 5.00", 15', NOTHING),
            *("", f"ATD{ANN};", "OK", NOTHING, "MO RING", NOTHING, "MO CONNECTED", "ATH", "OK"),
        )
        modem.wait(f"call out {ANN} ended")
        modem.do(f"ring {BOB}")
        chat(modem, "RING", NOTHING, f'+CLIP: "{BOB}"', "ATA", "OK")
        modem.wait(f"call in {BOB} answered")
        modem.do(f"hang up {BOB}")
        chat(modem, "CARRIER", NOTHING)
        modem.do(f"sms {BOB} Hello chat")
        chat(modem, f'+CMT: "{BOB}"', NOTHING, "Hello chat", NOTHING)
        modem.do("modem restart")
        chat(modem, "RDY", NOTHING, "Call Ready", NOTHING, "SMS Ready", "AT", "OK")
