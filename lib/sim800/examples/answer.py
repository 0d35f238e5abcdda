"""Answers every message with its own text.

On an ESP32: asyncio.run(main(StreamUart(UART(2, 115200, tx=27, rx=26, rxbuf=2048)), power)), where
`power.reset()` pulses the modem's RST, `power.restart()` PWRKEY; they return False if the board
lacks that line.
"""

import asyncio

from sim800.errors import ModemError
from sim800.modem import Modem
from sim800.sms import PduError, decode, encode_submit
from sim800.supervisor import Supervisor


async def main(uart, power):
    modem = Modem(uart, print, lambda: None)
    link = Supervisor(modem, power)
    tasks = (modem.read_forever, modem.calls.run_forever, link.run_forever)
    running = [asyncio.create_task(task()) for task in tasks]
    while running:
        await modem.mail.wait()
        modem.mail.clear()
        try:
            for slot, pdu in await modem.list_messages(5):
                await answer(modem, slot, pdu)
        except ModemError as error:
            print(error)  # the supervisor recovers, and then sets `mail` again


async def answer(modem, slot, pdu):
    await modem.delete_message(slot)
    try:
        message = decode(pdu)
        for octets, line in encode_submit(message.sender, "You said: " + message.text, slot):
            await modem.send_pdu(octets, line)
    except (PduError, AttributeError, TypeError) as error:
        print("not answered:", error)  # no message, no text, or nobody to answer
