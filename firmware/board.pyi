# SPDX-License-Identifier: MIT
# What a board configuration has to say; the owner's board.py is made from one of boards/.
MODEL: str
PIN: str
US: bool
RELAY: int
LED_POWER: int
LED_GSM: int
LED_OUT: int
MICRORELAY: int | None
LED_MICROPHONE: int | None
MODEM: str
MODEM_TX: int
MODEM_RX: int
MODEM_BAUD: int
MODEM_PWRKEY: int | None
MODEM_RST: int | None
ACTIVE_HIGH: tuple[int, ...]
CONTACT: int
JACK: int | None
BUTTON: int
MAINS: int
THERMOMETER: int
HIGH: tuple[int, ...]
IP5306: tuple[int, int] | None
