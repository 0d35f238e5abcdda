# SPDX-License-Identifier: MIT
"""Pin map of the LilyGO (TTGO) T-Call with SIM800L, the version of 2020-03-27 with the AXP192.

The AXP192 needs no setting. Not for the SIM800C of 2020-06-09, whose PWRKEY is inverted.
Source: examples/Arduino_TinyGSM/utilities.h and schematic/ in
https://github.com/Xinyuan-LilyGO/LilyGo-T-Call-SIM800/
"""

MODEL = "EP"  # the product that the device is; one of powersocket.models
PIN = ""  # of the SIM, if it asks for one; never its last try (docs/modem.md)
US = False  # True: a US unit, with temperatures in Fahrenheit only (GSM models)

RELAY = 25  # output, high = socket on
LED_POWER = 14  # green
LED_GSM = 13  # blue, 330 ohm to ground; the board's own LED on it is inverted
LED_OUT = 2  # red; a strapping pin that must be low or free: an LED to ground may be there
MICRORELAY = None  # output of the micro relay, for the models that have one (GSM706, GSM707)
LED_MICROPHONE = None  # yellow, likewise
MODEM = "SIM800L"  # its family: "SIM800L", "A7670" or "SIM7600" (docs/modem.md)
MODEM_TX = 27  # on the board: ESP32 -> SIM800L RXD
MODEM_RX = 26  # on the board: SIM800L TXD -> ESP32
MODEM_BAUD = 115200
MODEM_PWRKEY = 4  # on the board: open-drain, low switches
MODEM_RST = 5  # on the board: open-drain, low resets; a strapping pin, pulled up as it must be
JACK = None  # an input that is low while the sensor's jack is plugged in, if there is one
CONTACT = 34  # input only: opto-coupler of the 12 V loop, low while current flows
BUTTON = 19  # to ground while pressed; pulled up inside the chip
MAINS = 36  # input only (SVP), high = mains: 12 V of the adapter over 47 kilo-ohm, 15 to ground
HIGH = (23,)  # on the board: POWER_ON, the switch of the modem's supply
IP5306 = None  # (SDA, SCL) of a battery chip of that name; this board has another
THERMOMETER = 18  # 1-Wire with 4.7 kilo-ohm to 3.3 V
TAKEN = (21, 22, 32, 33, 35)  # on the board: the AXP192, and DTR and RI of the modem
