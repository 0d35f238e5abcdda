"""SALDO: the credit by the name that the GSM 706 has for it (manual 70x, chapter 14)."""

from powersocket.commands import ANSWERED, CONF, CTRL, PLAIN, STAR
from powersocket.features.credit import Credit, UssdCode


class Saldo(Credit):
    """The commands of the credit with other names.

    Chapters: SALDOUMS 14.
    """

    parameters = (UssdCode("SALDOUMS"),)

    def commands(self):
        return (
            (PLAIN, "SALDO", CTRL, "credit", ANSWERED),
            (STAR, "SIMCARD", CONF, "sim_card"),
        )
