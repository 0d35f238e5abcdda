# SPDX-License-Identifier: MIT
"""A7670E, A7670SA, A7670G and their sisters: LTE Cat 1, most with 2G beside it.

Sources: A76XX Series AT Command Manual V1.09 (AT), A7670 Series Hardware Design V1.06 (HD), both
in https://github.com/Xinyuan-LilyGO/LilyGo-Modem-Series, whose issues (#) have logs of real ones.
"""


class Family:
    """What each row means says sim800.families."""

    name = "A7670"
    start = ["*ATREADY: 1", "SMS DONE"]  # #79, #138; `PB DONE` comes last, nothing needs it
    # Without CVHU=0 ATH does nothing to a call (AT 2.2.3), without CTZU=1 the clock is never set
    # (AT 4.2.12). There is no MORING: +CLCC shows how a call goes on (AT 7.2.6).
    settings = 'E0;+CMEE=1;+CSCLK=0;+CFUN=1;+CSCS="GSM";+CVHU=0;+CLCC=1;+CTZU=1;+CTZR=1'
    stored = ""  # AT 2.2.14: AT&W stores none of these
    registration = ["+CREG", "+CEREG"]  # AT 4.2.1, 5.2.2
    registered = (1, 5, 6, 7)  # 6, 7: "SMS only", on LTE without voice; AT 4.2.1, #221
    time = "+CTZV:"  # the clock has it then; AT 4.2.13
    hang_up = "+CHUP"  # AT 7.2.2
    # `VOICE CALL: BEGIN` is not among them: it may come while the phone there still rings.
    calls = [("VOICE CALL: END", 6), ("VOICE CALL:END", 6), ("MISSED_CALL", 6)]  # AT 7.2.2
    refused = (-1, 3, 4)  # ERROR, "operation not allowed", "not supported"; AT 28.3, #247
    microphone = ["+CMICGAIN=", 7]  # AT 7.2.21
    power = (3000, 3000, 200)  # HD 3.2: off with 2.5 s, then wait 2 s at least, on with 50 ms
    reset = 2500  # HD 3.2: 2 to 2.5 s
    timeout = 150  # AT 9.2.13 has 40; without a service it takes two minutes, see sim7600.py
    patience = 12  # HD 3.2: it answers 11.1 s after PWRKEY
