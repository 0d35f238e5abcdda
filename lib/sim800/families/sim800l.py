# SPDX-License-Identifier: MIT
"""SIM800L and its sisters: 2G.

Sources: SIM800 Series AT Command Manual V1.12 (AT), SIM800L Hardware Design V1.02 (HD).
"""


class Family:
    """What each row means says sim800.families."""

    name = "SIM800L"
    start = ["RDY", "SMS Ready"]  # HD 3.2.1; AT 19.3
    settings = 'E0;+CMEE=1;+CSCLK=0;+CFUN=1;+CSCS="GSM";+MORING=1;+CLCC=1'  # AT 2.2, 3.2
    stored = "+CLTS"  # AT 3.2.29
    registration = ["+CREG"]  # AT 3.2.32
    registered = (1, 5)  # AT 3.2.32
    time = "*PSUTTZ:"  # complete; AT 19.3
    hang_up = "H"  # AT 2.2.6
    calls = [("MO RING", 3), ("MO CONNECTED", 0)]  # AT 6.2.21
    refused = ()  # 2G always has voice: a refusal has other causes
    microphone = ["+CMIC=0,", 15]  # AT 3.2.30
    power = (2000, 3000, 1200)  # HD 3.2: off with 1.5 to 33 s, on with 1 s
    reset = 150  # HD 3.2.3: 105 at least
    timeout = 60  # AT 4.2.5
    patience = 0  # HD 3.2.1: the ladders were made for it
