# SPDX-License-Identifier: MIT
"""gammu-smsd: a daemon that takes messages from files and puts them into files."""

from __future__ import annotations

from pathlib import Path

from host_tests.interop.modem import (
    ANN,
    BOB,
    LONG_TEXT,
    WIDE_TEXT,
    Daemon,
    ModemProcess,
    long_form,
    needs,
    program,
    until,
)

pytestmark = needs("gammu-smsd", "gammu-smsd")

FOLDERS = ("inbox", "outbox", "sent", "error")


class Smsd:
    """Its folders and its settings."""

    def __init__(self, modem: ModemProcess, folder: Path) -> None:
        self._folder = folder
        self._settings = folder / "smsdrc"
        self._count = 0
        for name in FOLDERS:
            (folder / name).mkdir()
        paths = "\n".join(
            f"{key}={folder / name}/"
            for key, name in zip(
                ("inboxpath", "outboxpath", "sentsmspath", "errorsmspath"), FOLDERS, strict=True
            )
        )
        self._settings.write_text(
            f"[gammu]\nport={modem.place}\nmodel=at\nconnection=at115200\n"
            f"[smsd]\nservice=files\n{paths}\ninboxformat=unicode\noutboxformat=unicode\n"
            "transmitformat=auto\n"
            "loopsleep=1\ncommtimeout=1\nreceivefrequency=1\nstatusfrequency=0\ncheckbattery=0\n"
            f"checksecurity=0\ndeliveryreport=log\nlogfile={folder / 'log'}\ndebuglevel=1\n"
        )

    def running(self) -> Daemon:
        return Daemon(str(program("gammu-smsd")), "-c", self._settings)

    def send(self, text: str, options: str = "") -> None:
        """Put a message into the outbox; its options stand at the end of its name."""
        self._count += 1
        name = f"OUTC20260105_120000_{self._count:02}_{ANN}_x.txt{options}"
        (self._folder / "outbox" / name).write_bytes(b"\xff\xfe" + text.encode("utf-16-le"))

    def received(self) -> str:
        """Return the texts of the messages that came, parts joined."""
        texts = []
        for file in sorted((self._folder / "inbox").glob("IN*.txt")):
            texts.append(file.read_bytes().decode("utf-16").rstrip("\n"))
        return "".join(texts)

    def log(self) -> str:
        return (self._folder / "log").read_text(encoding="utf-8", errors="replace")


def test_a_message_in_and_out(tmp_path: Path) -> None:
    with ModemProcess("--pty") as modem:
        smsd = Smsd(modem, tmp_path)
        smsd.send("Hello from smsd")
        modem.ready()
        modem.do(f"sms {BOB} Hello smsd")
        with smsd.running():
            modem.wait(f"sms_to {ANN} Hello from smsd")
            until(lambda: "Hello smsd" in smsd.received(), smsd.log)


@long_form
def test_messages_of_every_kind_and_a_restart(tmp_path: Path) -> None:
    with ModemProcess("--pty") as modem:
        smsd = Smsd(modem, tmp_path)
        modem.ready()
        with smsd.running():
            for text in (LONG_TEXT, WIDE_TEXT):
                smsd.send(text)
                modem.wait(f"sms_to {ANN} {text}")
            smsd.send("Look!", "f")
            modem.wait(f"flash_to {ANN} Look!")
            smsd.send("And a report", "d")
            modem.wait(f"sms_to {ANN} And a report")
            for text in (LONG_TEXT, WIDE_TEXT):
                modem.do(f"sms {BOB} {text}")
                until(lambda t=text: t in smsd.received(), smsd.log)
        modem.restart()
        with smsd.running():
            smsd.send("After a restart")
            modem.wait(f"sms_to {ANN} After a restart")
