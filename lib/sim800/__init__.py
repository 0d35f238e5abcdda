"""SIM800 modem: AT engine, SMS codec and link. Knows nothing of what the messages are for."""
