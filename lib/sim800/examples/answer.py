# SPDX-License-Identifier: MIT
"""Answers every message with its own text; docs/sim800.md shows how it is started."""

import asyncio

from sim800.errors import ModemError
from sim800.link import bounded
from sim800.modem import Modem
from sim800.sms import NUMBER, PduError, decode, encode_submit
from sim800.supervisor import Supervisor


async def main(uart, power):
    modem = Modem(uart, print, lambda: None)
    link = Supervisor(modem, power)
    runs = (modem.read_forever, modem.calls.run_forever, link.run_forever)
    tasks = [asyncio.create_task(run()) for run in runs]
    while tasks:
        await bounded(modem.mail, 60)  # a hint that is lost costs a minute
        modem.mail.clear()
        try:
            for slot, pdu in await modem.list_messages(5) if link.ready else ():
                await modem.delete_message(slot)
                message = decode(pdu)
                if message.kind == NUMBER and message.text:
                    text = "You said: " + message.text
                    for octets, line in encode_submit(message.sender, text, slot):
                        await modem.send_pdu(octets, line)
        except (ModemError, PduError) as error:
            print(error)
