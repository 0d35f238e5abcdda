# SPDX-License-Identifier: MIT
"""What runs on the board: the application around the portable device, and the hardware.

Some modules are in memory only while they are used: once at each start, or seldom. Each is
imported by the synchronous function that uses it, which releases it before it returns (see
`sim800.release`). The locals of a waiting coroutine would keep the module in memory, and so would
an instance of one of its classes. Two modules stay longer on purpose: sim800.recovery until its
coroutine has ended, and sim800.concat while parts of a message wait. Nothing that a command or an
alarm needs is here, but for HELP and SETTINGS: an answer must not wait for flash.

    firmware.compose      builds the application
    firmware.crash        logs a crash
    firmware.debug        for a person at the REPL; a restart releases it
    firmware.pins         checks the pin map
    firmware.selftest     as firmware.debug
    firmware.restore      reads the record from flash
    powersocket.handbook  HELP, SETTINGS, and what an unknown command may have meant
    powersocket.models    the tables of the models
    powersocket.record    completes and checks a record that was loaded
    sim800.families       finds the family of the modem
    sim800.nitz           reads the time that the network sends
    sim800.concat         joins the parts of a long message: no command is that long
    sim800.recovery       brings the modem back on line
    sim800.setup          makes the modem's settings, every five minutes
"""
