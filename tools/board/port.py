# SPDX-License-Identifier: MIT
"""The serial line to a board's REPL, by mpremote; what fails says what to do about it."""

from __future__ import annotations

import contextlib
import errno
import io
import re
import socket
from collections.abc import Callable, Iterator

import serial
from mpremote.transport import TransportError, TransportExecError
from mpremote.transport_serial import SerialTransport

# ms; a watchdog cannot be stopped, but on the ESP32 a second WDT() gives it another time (in
# MicroPython's machine_wdt.c; not promised by its documentation).
SHORT_STAY = 10 * 60 * 1000
LONG_STAY = 12 * 60 * 60 * 1000
TRIES = 4  # a program that is just starting may swallow a Ctrl-C
# s of silence while the board works; mpremote has 10. On a full flash LittleFS reads for 8 s to
# rename a file, now and then.
PATIENCE = 120

NO_PORT = """there is no {url}: is the board plugged in, with a cable that carries data? \
`ls /dev/ttyUSB* /dev/ttyACM*` lists the ports; add the right one: PORT=/dev/ttyUSB0."""
NO_RIGHT = """you are not allowed to open {url}: run `sudo usermod -aG dialout $USER`, then log \
in again."""
BUSY = """{url} is in use: close the program that has it (`make repl`, `make logs`, an IDE)."""
NO_SERIAL = """{url} is not a serial port: `ls /dev/ttyUSB* /dev/ttyACM*` lists them; \
add the right one: PORT=/dev/ttyUSB0."""
NO_URL = """{url} is not a port ({reason}): PORT= is a device like /dev/ttyUSB0, or \
socket://host:port, or rfc2217://host:port."""
NO_HOST = """{url} cannot be reached: is the host's name or address right, and the network up?"""
REFUSED = """nothing listens at {url}: is the other end running?"""
SILENT = """{url} is open, but MicroPython does not answer. \
Is it on the board (`make flash`)? Is the modem or another device on this port? \
If the firmware hangs, press EN (reset) on the board and try again at once."""
NO_ANSWER = """the board stopped answering ({reason}): run it again."""
BROKE_OFF = """the connection to the board broke off ({reason}): run it again."""


class PortError(Exception):
    """The board cannot be reached, or refused something; the text says what to do."""


class Silent(PortError):
    """The port is open, but no REPL answers."""


class BrokenOff(PortError):
    """The board was there, and is not any more."""


class Board(SerialTransport):
    """A board's raw REPL, with more patience than mpremote's: see PATIENCE.

    Attributes:
        file: what to wait at for bytes that come.
    """

    def __init__(self, url: str) -> None:
        super().__init__(url, timeout=10)
        self._socket = getattr(self.serial, "_socket", None)  # of socket:// and rfc2217://
        self.file = self._socket or self.serial
        if self._socket is not None:  # else each command waits for the last one's acknowledgement
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self) -> None:
        """Close the port, also when the other end is gone."""
        # mpremote's close fails at RTS then, and pyserial's at shutdown().
        with contextlib.suppress(OSError, serial.SerialException):
            super().close()
        if self._socket is not None:
            self._socket.close()

    def exec(self, command: str, data_consumer: Callable[[bytes], None] | None = None) -> bytes:
        """Run a command on the board; return what it prints. mpremote's own methods use this.

        Raises:
            TransportExecError: it raised an exception.
            TransportError: nothing came for PATIENCE seconds.
        """
        output, error = self.exec_raw(command, PATIENCE, data_consumer)
        if error:
            raise TransportExecError(output, error.decode(errors="replace"))
        return bytes(output)


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
            return NO_URL.format(url=url, reason="the port number is missing")
        if "refused" in text or "timed out" in text:
            return REFUSED.format(url=url)
        return f"{url} cannot be opened: {error}"
    return f"{url} could not be opened at first, but can be now: run it again"


@contextlib.contextmanager
def board_repl(url: str, stay: int = SHORT_STAY) -> Iterator[Board]:
    """Give the board's raw REPL; the firmware is interrupted, its modules stay loaded.

    The watchdog gets a timeout of `stay` ms, and runs from now on, so the caller restarts the
    board in the end (`restart`). After an exception, here or on the board, this function does.

    Args:
        url: what mpremote takes: /dev/ttyUSB0, socket://host:port, rfc2217://host:port.
        stay: ms.

    Raises:
        Silent: no REPL answers; BrokenOff: the connection broke off later.
        PortError: the port is missing or busy, or a command failed on the board.
    """
    try:
        board = Board(url)
    except (TransportError, OSError, ValueError):
        raise PortError(reason_not_open(url)) from None
    try:
        enter(board, url)
        board.exec(f"import gc, machine\nmachine.WDT(timeout={stay})\ngc.collect()")
        try:
            yield board
        except (PortError, TransportExecError):
            if board.in_raw_repl:  # the firmware goes on; it would wait for the watchdog
                with contextlib.suppress(TransportError, OSError):
                    restart(board)
            raise
        except KeyboardInterrupt:
            _abandon(board, url)
            raise
    except TransportExecError as error:
        raise PortError(f"the board says:\n{error.error_output.strip()}") from error
    except TransportError as error:
        raise BrokenOff(NO_ANSWER.format(reason=error)) from error
    except (serial.SerialException, OSError) as error:
        raise BrokenOff(BROKE_OFF.format(reason=error)) from error
    finally:
        board.close()


def enter(board: Board, url: str) -> None:
    """Bring a board to its raw REPL, whatever it is doing. Raises Silent if that fails."""
    for _ in range(TRIES):
        with contextlib.redirect_stdout(io.StringIO()):  # mpremote prints what it did not expect
            try:
                board.enter_raw_repl(soft_reset=False, timeout_overall=3)
                return
            except TransportError:
                continue
    raise Silent(SILENT.format(url=url))


def _abandon(board: Board, url: str) -> None:
    """Restart a board in the middle of a command; if it does not react, its watchdog will."""
    if board.in_raw_repl:
        with contextlib.suppress(PortError, TransportError, OSError):
            enter(board, url)
            restart(board)


def restart(board: Board) -> None:
    """Restart the chip. Its output can be read afterwards, but it takes no more commands."""
    board.exec_raw_no_follow("import machine\nmachine.reset()")
    board.in_raw_repl = False
