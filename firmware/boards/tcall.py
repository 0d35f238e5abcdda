"""Pin map of the LilyGO (TTGO) T-Call with SIM800L, versions 1.3 and 1.4 with the IP5306."""

MODEL = "EP"  # the product that the device is; one of powersocket.models
PIN = ""  # of the SIM, if it asks for one; never its last try (docs/modem.md)
US = False  # True: a US unit, with temperatures in Fahrenheit only (GSM models)

RELAY = 32  # output, high = socket on
LED_POWER = 25  # green
LED_GSM = 33  # blue
LED_OUT = 14  # red
MICRORELAY = None  # output of the micro relay, for the models that have one (GSM706, GSM707)
LED_MICROPHONE = None  # yellow, likewise
MODEM_TX = 27  # on the board: ESP32 -> SIM800L RXD
MODEM_RX = 26  # on the board: SIM800L TXD -> ESP32
MODEM_BAUD = 115200
MODEM_PWRKEY = 4  # on the board: open-drain, low switches
MODEM_RST = 5  # on the board: open-drain, low resets; a strapping pin, pulled up as it must be
JACK = None  # an input that is low while the sensor's jack is plugged in, if there is one
CONTACT = 34  # input only: opto-coupler of the 12 V loop, low while current flows
BUTTON = 19  # to ground while pressed; pulled up inside the chip
MAINS = 35  # input only, high = mains power: 5 V of the supply over 10 kilo-ohm, 15 to ground
HIGH = (23,)  # on the board: POWER_ON, the switch of the modem's supply
IP5306 = (21, 22)  # on the board: SDA and SCL of the battery chip, which is set to stay on
THERMOMETER = 18  # 1-Wire with 4.7 kilo-ohm to 3.3 V
