"""The serial line to a board's REPL, by mpremote; what fails says what to do about it."""

from __future__ import annotations

import contextlib
import errno
import io
import re
from collections.abc import Iterator

import serial
from mpremote.transport import TransportError, TransportExecError
from mpremote.transport_serial import SerialTransport

# ms; a watchdog cannot be stopped, but on the ESP32 a second WDT() gives it another time (in
# MicroPython's machine_wdt.c; not promised by its documentation).
SHORT_STAY = 10 * 60 * 1000
LONG_STAY = 12 * 60 * 60 * 1000
TRIES = 4  # a program that is just starting may swallow a Ctrl-C

NO_PORT = """there is no {url}: is the board plugged in, with a cable that carries data? \
`ls /dev/ttyUSB* /dev/ttyACM*` shows the ports; say `make .. PORT=/dev/ttyUSB0`."""
NO_RIGHT = (
    """{url} may not be opened by you: `sudo usermod -aG dialout $USER`, then log in anew."""
)
BUSY = """{url} is in use: close the terminal (`make repl`, `make logs`, an IDE) that has it."""
NO_SERIAL = """{url} is no serial port: `ls /dev/ttyUSB* /dev/ttyACM*` shows them; \
say `make .. PORT=/dev/ttyUSB0`."""
NO_URL = """{url} is no port ({reason}): PORT= is a device like /dev/ttyUSB0, or \
socket://host:port, or rfc2217://host:port."""
NO_HOST = """no way to {url}: is the name or address of the host right, and the network up?"""
REFUSED = """nothing listens at {url}: is the other end running?"""
SILENT = """{url} is open, but no MicroPython answers: \
`make flash` puts it on the board; is MODEM or another program on this port? \
If the firmware hangs, press EN (reset) on the board and try again at once."""
BROKE_OFF = """the connection to the board broke off ({reason}). Nothing is lost: run it again."""


class PortError(Exception):
    """The board cannot be reached, or refused something; the text says what to do."""


class Silent(PortError):
    """The port is open, but no REPL answers."""


def check_port(url: str) -> None:
    """Raise PortError, with what to do, if a port cannot be opened."""
    try:
        serial.serial_for_url(url, timeout=1, exclusive=True).close()
    except (OSError, ValueError):
        raise PortError(reason_not_open(url)) from None


def reason_not_open(url: str) -> str:
    """Return why a port cannot be opened, and what to do."""
    try:
        serial.serial_for_url(url, timeout=1, exclusive=True).close()
    except ValueError as error:
        return NO_URL.format(url=url, reason=error)
    except OSError as error:
        text = str(error)
        if error.errno == errno.ENOENT or "No such file" in text:
            return NO_PORT.format(url=url)
        if error.errno == errno.EACCES or "Permission denied" in text:
            return NO_RIGHT.format(url=url)
        if error.errno in (errno.EBUSY, errno.EAGAIN) or "exclusively lock" in text:
            return BUSY.format(url=url)
        if error.errno == errno.EISDIR or "Inappropriate ioctl" in text or "directory" in text:
            return NO_SERIAL.format(url=url)
        if "Name or service" in text or "unreachable" in text or "No route" in text:
            return NO_HOST.format(url=url)
        if "://" in url and not re.search(r":\d+(/|$)", url):
            return NO_URL.format(url=url, reason="it has no number")
        if "refused" in text or "timed out" in text:
            return REFUSED.format(url=url)
        return f"{url} cannot be opened: {error}"
    return f"{url} could not be opened, now it can: run it again"


@contextlib.contextmanager
def board_repl(url: str, stay: int = SHORT_STAY) -> Iterator[SerialTransport]:
    """Give the board's raw REPL; what ran there is interrupted, modules stay loaded.

    A watchdog that runs is given `stay` ms. One that did not run does then: whoever is done
    restarts the board (`restart`). After a PortError or an exception on the board it is.

    Args:
        url: what mpremote takes: /dev/ttyUSB0, socket://host:port, rfc2217://host:port.
        stay: ms.

    Raises:
        PortError: the port is missing, busy or silent, or the connection broke off.
    """
    try:
        transport = SerialTransport(url, timeout=10)
    except (TransportError, OSError, ValueError):
        raise PortError(reason_not_open(url)) from None
    line = getattr(transport.serial, "_socket", None)  # of socket://
    try:
        _enter(transport, url)
        transport.exec(f"import machine\nmachine.WDT(timeout={stay})")
        try:
            yield transport
        except (PortError, TransportExecError):
            restart(transport)  # the firmware goes on; it would wait for the watchdog
            raise
    except TransportExecError as error:
        raise PortError(f"the board says:\n{error.error_output.strip()}") from error
    except (TransportError, serial.SerialException, OSError) as error:
        raise PortError(BROKE_OFF.format(reason=error)) from error
    finally:
        with contextlib.suppress(OSError, serial.SerialException):
            transport.close()
        # When the other end is gone, mpremote's close fails at RTS and pyserial's at shutdown().
        if line is not None:
            line.close()


def _enter(transport: SerialTransport, url: str) -> None:
    for _ in range(TRIES):
        with contextlib.redirect_stdout(io.StringIO()):  # mpremote prints what it did not expect
            try:
                transport.enter_raw_repl(soft_reset=False, timeout_overall=3)
                return
            except TransportError:
                continue
    raise Silent(SILENT.format(url=url))


def restart(transport: SerialTransport) -> None:
    """Restart the chip; nothing can be said to it after this."""
    transport.exec_raw_no_follow("import machine\nmachine.reset()")
