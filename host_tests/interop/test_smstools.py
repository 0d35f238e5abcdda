# SPDX-License-Identifier: MIT
"""SMS Server Tools: smsd, which takes messages from files and puts them into files."""

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

pytestmark = needs("smsd", "smstools")

FOLDERS = ("incoming", "outgoing", "checked", "sent", "failed", "report")


class Smsd:
    """Its folders and its settings."""

    def __init__(self, modem: ModemProcess, folder: Path) -> None:
        self._folder = folder
        self._settings = folder / "smsd.conf"
        self._count = 0
        for name in FOLDERS:
            (folder / name).mkdir()
        paths = "\n".join(f"{name} = {folder / name}" for name in FOLDERS)
        self._settings.write_text(
            f"devices = SIM800L\n{paths}\nlogfile = {folder / 'log'}\nloglevel = 7\n"
            f"infofile = {folder / 'info'}\npidfile = {folder / 'pid'}\ndelaytime = 1\n"
            "errorsleeptime = 1\nblocktime = 2\nautosplit = 3\nincoming_utf8 = yes\n"
            "decode_unicode_text = yes\n"
            f"[SIM800L]\ndevice = {modem.place}\nbaudrate = 115200\nincoming = yes\n"
            "report = yes\ninit = AT+CNMI=2,1,0,2,0\n"
        )

    def running(self) -> Daemon:
        return Daemon(str(program("smsd")), f"-c{self._settings}", "-t")

    def send(self, text: str, **headers: str) -> None:
        """Put a message into the folder from which it takes them."""
        self._count += 1
        lines = [f"To: {ANN[1:]}", *(f"{name}: {value}" for name, value in headers.items())]
        written = self._folder / f"message{self._count}"
        written.write_text("\n".join(lines) + "\n\n" + text, encoding="utf-8")
        written.rename(self._folder / "outgoing" / written.name)

    def _texts(self, name: str) -> list[str]:
        files = (self._folder / name).iterdir()
        return [file.read_text(encoding="utf-8", errors="replace") for file in files]

    def received(self, text: str) -> bool:
        """Return True if a message came that ends so."""
        return any(written.endswith("\n\n" + text) for written in self._texts("incoming"))

    def reported(self) -> bool:
        """Return True if the centre has reported that a message was received."""
        return any("Status: 0,Ok" in written for written in self._texts("report"))

    def log(self) -> str:
        return (self._folder / "log").read_text(encoding="utf-8", errors="replace")


def test_a_message_in_and_out(tmp_path: Path) -> None:
    with ModemProcess("--pty") as modem:
        smsd = Smsd(modem, tmp_path)
        smsd.send("Hello from smstools")
        modem.ready()
        modem.do(f"sms {BOB} Hello smstools")
        with smsd.running():
            modem.wait(f"sms_to {ANN} Hello from smstools")
            until(lambda: smsd.received("Hello smstools"), smsd.log)


@long_form
def test_messages_of_every_kind_and_a_restart(tmp_path: Path) -> None:
    with ModemProcess("--pty") as modem:
        smsd = Smsd(modem, tmp_path)
        modem.ready()
        with smsd.running():
            smsd.send(LONG_TEXT)
            modem.wait(f"sms_to {ANN} {LONG_TEXT}")
            smsd.send("Look!", Flash="yes")
            modem.wait(f"flash_to {ANN} Look!")
            smsd.send(WIDE_TEXT, Alphabet="UTF-8", Report="yes")
            modem.wait(f"sms_to {ANN} {WIDE_TEXT}")
            until(smsd.reported, smsd.log)
            for text in (LONG_TEXT, WIDE_TEXT):
                modem.do(f"sms {BOB} {text}")
                until(lambda t=text: smsd.received(t), smsd.log)
            modem.restart()
            smsd.send("After a restart")
            modem.wait(f"sms_to {ANN} After a restart")
            modem.do(f"sms {BOB} After it, too")
            until(lambda: smsd.received("After it, too"), smsd.log)
