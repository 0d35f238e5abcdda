# SPDX-License-Identifier: MIT
"""What differs between the families of SIMCom's modems: a class `Family` each, in its own module.

Nothing else in this package knows a family, and only that of the modem that is there stays in
memory. What a Family says:

    name          as in the board's configuration
    start         lines of a start, in their order: the first shows that the modem has started;
                  with the last, messages can be used
    settings      made at each start, and every five minutes
    stored        "", or a setting that counts only if AT&W stores it before the modem registers
    registration  what reports it, that for calls first
    registered    the <stat> of these with which messages can be sent
    time          the URC with which the network's time comes
    hang_up       the command that ends any voice call
    calls         URCs of a call from here, each with the <stat> of +CLCC that it stands for
    refused       the codes with which ATD is refused where there are no voice calls
    microphone    the command for its gain, and the highest gain
    power         ms that PWRKEY is pressed to switch off; apart; pressed to switch on
    reset         ms that RST is pressed
    timeout       s within which AT+CMGS has its result
    patience      s that a start takes longer than the pauses of recovery.py allow for
"""

# How a model's name begins, and its family. One text: each of these words would stay in memory.
_MODELS = "SIM800 SIM800L,A76 A7670,SIM7500 SIM7600,SIM7600 SIM7600"


def load(name):
    """Return the Family of a name. Raises ImportError: there is none."""
    return __import__("sim800.families." + name.lower(), None, None, ["Family"]).Family


def look_up(model):
    """Return the name of the family of a model, as AT+CGMM shows it; "" if it is none of these."""
    model = model[model.find("_") + 1 :]  # some say SIMCOM_SIM800L
    for row in _MODELS.split(","):
        start, name = row.split(" ")
        if model.startswith(start):
            return name
    return ""
