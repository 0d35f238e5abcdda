# SPDX-License-Identifier: MIT
"""Pin map of a bare ESP32 development kit of 38 pins with the common SIM800L breakout.

The breakout has no PWRKEY, it starts with its supply (docs/modem.md says what that costs). Source
of the kit's pins: https://docs.espressif.com/projects/esp-idf/en/v5.2.1/esp32/hw-reference/esp32/get-started-devkitc.html
"""

MODEL = "EP"  # the product that the device is; one of powersocket.models
PIN = ""  # of the SIM, if it asks for one; never its last try (docs/modem.md)
US = False  # True: a US unit, with temperatures in Fahrenheit only (GSM models)

RELAY = 26  # output, high = socket on
LED_POWER = 25  # green
LED_GSM = 33  # blue
LED_OUT = 32  # red
MICRORELAY = None  # output of the micro relay, for the models that have one (GSM706, GSM707)
LED_MICROPHONE = None  # yellow, likewise
MODEM = "SIM800L"  # its family: "SIM800L", "A7670" or "SIM7600" (docs/modem.md)
MODEM_TX = 27  # ESP32 -> SIM800L RXD; not 16/17, which carry PSRAM on WROVER modules
MODEM_RX = 14  # SIM800L TXD -> ESP32
MODEM_BAUD = 115200
MODEM_PWRKEY = None  # the breakout has none; 4 for a module with one: open-drain, low switches
MODEM_RST = 13  # open-drain, low resets; None if it is not connected
ACTIVE_HIGH = ()  # of MODEM_PWRKEY and MODEM_RST those that high presses, over a transistor
JACK = None  # an input that is low while the sensor's jack is plugged in, if there is one
CONTACT = 34  # input only: opto-coupler of the 12 V loop, low while current flows
BUTTON = 19  # to ground while pressed; pulled up inside the chip
MAINS = 35  # input only, high = mains: 12 V of the adapter over 47 kilo-ohm, 15 to ground
HIGH = ()  # outputs that are simply high: a power hold, the switch of the modem's supply
IP5306 = None  # (SDA, SCL) of a battery chip of that name, which has to be set to stay on
THERMOMETER = 18  # 1-Wire with 4.7 kilo-ohm to 3.3 V
