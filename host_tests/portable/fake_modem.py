# SPDX-License-Identifier: MIT
"""A modem on a fake UART that goes on line, and whose habits a test changes: for both VMs.

It knows nothing but what the supervisor asks for. `Desk` puts the driver on it and counts.
"""

import asyncio

from sim800.modem import Modem
from sim800.supervisor import Supervisor
from uart_kit import OK, FakeUart

ERROR = b"\r\nERROR\r\n"


def line(text):
    """Return a line as the modem frames it."""
    return b"\r\n" + text.encode() + b"\r\n"


class FakeModem(FakeUart):
    """answers: by command, in front of OK; `habit` may answer in its place.

    habit(command) returns bytes, or None for the usual answer. pin: the one that is asked for.
    """

    def __init__(self):
        super().__init__({})
        self.habit = lambda command: None
        self.answers = {
            "AT+IPR?": "+IPR: 115200",
            "AT+CLTS?": "+CLTS: 1",
            "AT+CREG?": "+CREG: 1,1",
            "AT+CPIN?": "+CPIN: READY",
            'AT+CPMS="SM","SM","SM"': "+CPMS: 0,10,0,10,0,10",
            "AT+CSCA?": '+CSCA: "+358400",145',
            "AT+CSQ": "+CSQ: 17,0",
            "AT+CBC": "+CBC: 0,50,3400",
            "AT+CCLK?": '+CCLK: "26/01/05,12:00:00+08"',
            "AT+SPIC": "+SPIC: 3,3,10,10",
        }
        self.commands = []

    def set_baud(self, baud):
        pass

    def write(self, data):
        command = data.decode().strip("\r\x1b")
        if not command:
            return
        self.commands.append(command)
        answer = self.habit(command)
        if answer is None:
            answer = OK
            if command in self.answers:
                answer = line(self.answers[command]) + OK
        self.put(answer)


class Desk:
    """The driver on a FakeModem: `modem`, `link` (its supervisor), `uart`, `log`, `restarts`."""

    def __init__(self):
        self.uart = FakeModem()
        self.log = []
        self.restarts = 0
        self.alive = True
        self.modem = Modem(self.uart, self.log.append, lambda: None)
        self.link = Supervisor(self.modem, self)
        runs = (self.modem.read_forever, self.modem.calls.run_forever, self.link.run_forever)
        self._tasks = [asyncio.create_task(run()) for run in runs]

    def reset(self, times):
        """Do as the RST pin: the modem says that it has restarted."""
        self.restarts += 1
        if self.alive:
            self.uart.put(line("RDY"))

    restart = reset

    def close(self):
        for task in self._tasks:
            task.cancel()

    async def online(self, seconds):
        """Return True if it is on line within so many seconds."""
        for _ in range(seconds):
            if self.link.online:
                return True
            await asyncio.sleep(1)
        return self.link.online

    async def pace(self, minutes):
        """Let minutes pass; return the commands of each, after a check that they are few enough.

        More than 30 in a minute are a burst, which does not last: no two minutes in a row.
        """
        counts = []
        for _ in range(minutes):
            before = len(self.uart.commands)
            await asyncio.sleep(60)
            counts.append(len(self.uart.commands) - before)
            assert not (len(counts) > 1 and min(counts[-2:]) > 30), counts
        return counts
