# SPDX-License-Identifier: MIT
"""Pin map of the LilyGO T-A7670 (ESP32-WROVER with A7670E, SA or G), versions 1.0 to 1.4.

Not the A7670E-LNXY-UBL, which has neither calls nor SMS (docs/build.md). GPIO12 switches the
modem's supply. It is a strapping pin that must be low as the chip starts, and it is: it goes over
a diode to the base of a transistor, and nothing pulls it up. RST's transistor holds the modem in
reset while the chip starts, for 5 is pulled up then; the firmware lets go of it.
Source: examples/ATdebug/utilities.h (LILYGO_T_A7670), schematic/esp32/T-A7670X-V1.4.pdf and issue
10 in https://github.com/Xinyuan-LilyGO/LilyGo-Modem-Series/
"""

MODEL = "EP"  # the product that the device is; one of powersocket.models
PIN = ""  # of the SIM, if it asks for one; never its last try (docs/modem.md)
US = False  # True: a US unit, with temperatures in Fahrenheit only (GSM models)

RELAY = 32  # output, high = socket on
LED_POWER = 21  # green
LED_GSM = 22  # blue
LED_OUT = 23  # red
MICRORELAY = None  # output of the micro relay (GSM706, GSM707): 13, if its slot has no card
LED_MICROPHONE = None  # yellow, likewise: 14
MODEM = "A7670"  # its family: "SIM800L", "A7670" or "SIM7600" (docs/modem.md)
MODEM_TX = 26  # on the board: ESP32 -> A7670 RXD
MODEM_RX = 27  # on the board: A7670 TXD -> ESP32
MODEM_BAUD = 115200
MODEM_PWRKEY = 4  # on the board: over a transistor, high switches
MODEM_RST = 5  # on the board: over a transistor, high resets; a strapping pin that may be low, too
ACTIVE_HIGH = (4, 5)  # of MODEM_PWRKEY and MODEM_RST those that high presses, over a transistor
JACK = None  # an input that is low while the sensor's jack is plugged in, if there is one
CONTACT = 34  # input only: opto-coupler of the 12 V loop, low while current flows
BUTTON = 19  # to ground while pressed; pulled up inside the chip
MAINS = 39  # input only (SVN), high = mains: 12 V of the adapter over 47 kilo-ohm, 15 to ground
HIGH = (12,)  # on the board: POWERON, the switch of the modem's supply
IP5306 = None  # (SDA, SCL) of a battery chip of that name; this board has another
THERMOMETER = 18  # 1-Wire with 4.7 kilo-ohm to 3.3 V
TAKEN = (2, 15, 25, 33, 35, 36)  # on the board: card slot, DTR, RI, battery's and panel's voltage
