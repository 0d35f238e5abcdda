# SPDX-License-Identifier: MIT
"""Pin map of the LilyGO T-Call A7670 V1.0 (ESP32-WROVER with A7670E, SA or G).

The version is printed on it, and V1.1 has other pins. Not the A7670E-LNXY-UBL, which has neither
calls nor SMS (docs/build.md). The board has no battery, and no switch of the modem's supply.
Source: examples/ATdebug/utilities.h (LILYGO_T_CALL_A7670_V1_0) and
schematic/esp32/T-Call-A7670-V1.0.pdf in
https://github.com/Xinyuan-LilyGO/LilyGo-Modem-Series/
"""

MODEL = "EP"  # the product that the device is; one of powersocket.models
PIN = ""  # of the SIM, if it asks for one; never its last try (docs/modem.md)
US = False  # True: a US unit, with temperatures in Fahrenheit only (GSM models)

RELAY = 32  # output, high = socket on
LED_POWER = 21  # green
LED_GSM = 22  # blue
LED_OUT = 23  # red
MICRORELAY = None  # output of the micro relay, for the models that have one (GSM706, GSM707): 33
LED_MICROPHONE = None  # yellow, likewise: 23, and 2 for LED_OUT
MODEM = "A7670"  # its family: "SIM800L", "A7670" or "SIM7600" (docs/modem.md)
MODEM_TX = 26  # on the board: ESP32 -> A7670 RXD
MODEM_RX = 25  # on the board: A7670 TXD -> ESP32
MODEM_BAUD = 115200
MODEM_PWRKEY = 4  # on the board: over a transistor, high switches
MODEM_RST = 27  # on the board: open-drain over the level shifter, low resets
ACTIVE_HIGH = (4,)  # of MODEM_PWRKEY and MODEM_RST those that high presses, over a transistor
JACK = None  # an input that is low while the sensor's jack is plugged in, if there is one
CONTACT = 34  # input only: opto-coupler of the 12 V loop, low while current flows
BUTTON = 19  # to ground while pressed; pulled up inside the chip
MAINS = 39  # input only (SVN), high = mains: 12 V of the adapter over 47 kilo-ohm, 15 to ground
HIGH = ()  # outputs that are simply high; none here
IP5306 = None  # (SDA, SCL) of a battery chip of that name; none here
THERMOMETER = 18  # 1-Wire with 4.7 kilo-ohm to 3.3 V
TAKEN = (12, 13, 14)  # on the board: a green LED, RI and DTR of the modem
