# SPDX-License-Identifier: MIT
"""SIM7500 and SIM7600: LTE and 3G, most with 2G beside it.

Source: SIM7500_SIM7600 Series AT Command Manual V3.00 (AT), in
https://github.com/Xinyuan-LilyGO/LilyGo-Modem-Series, whose examples have the times of PWRKEY.
"""


class Family:
    """What each row means says sim800.families."""

    name = "SIM7600"
    start = ["RDY", "SMS DONE"]  # espressif/esp-protocols#789; `PB DONE` comes last
    # Each for the reason that a7670.py has: AT 2.2.3, 4.2.17, 4.2.18, 5.2.7.
    settings = 'E0;+CMEE=1;+CSCLK=0;+CFUN=1;+CSCS="GSM";+CVHU=0;+CLCC=1;+CTZU=1;+CTZR=1'
    stored = ""  # AT 2.2.26: AT&W stores none of these
    registration = ["+CREG", "+CEREG"]  # AT 4.2.1, 4.2.16
    registered = (1, 5, 6, 7)  # AT 4.2.1 has 1 and 5; 6, 7 as 3GPP 27.007, 7.2
    time = "+CTZV:"  # AT 4.2.18
    hang_up = "+CHUP"  # AT 5.2.2
    calls = [("VOICE CALL: END", 6), ("VOICE CALL:END", 6), ("MISSED_CALL", 6)]  # AT 5.2.2
    refused = (-1, 3, 4)  # AT 2.2.1; 3GPP 27.007, 9.2
    microphone = ["+CMICGAIN=", 8]  # AT 5.2.26
    power = (3000, 3000, 500)  # utilities.h there, MODEM_POWERON_PULSE_WIDTH_MS and its like
    reset = 200  # no source: the hardware design was not at hand; others press it so long
    timeout = 150  # forum.arduino.cc, topic 1049241: two minutes without a service
    patience = 12  # utilities.h there waits 15 s for it: MODEM_START_WAIT_MS
