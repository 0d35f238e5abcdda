# SPDX-License-Identifier: MIT
"""python-gsmmodem-new: a driver that others wrote, which keeps a thread at the port."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from gsmmodem.exceptions import TimeoutException
from gsmmodem.modem import GsmModem, SentSms

from host_tests.interop.modem import (
    ANN,
    BOB,
    LONG_TEXT,
    WIDE_TEXT,
    ModemProcess,
    long_form,
    until,
)

# A line of the modem's own in an answer ends its threads, and so does the end of the connection.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")


@contextmanager
def connected(modem: ModemProcess, **callbacks: Any) -> Iterator[GsmModem]:
    """The driver at a modem that is ready. It mixes reports up with messages that come.

    So what comes has to come before anything is sent: in PDU mode it asks for reports of all.
    """
    before = set(threading.enumerate())
    driver = GsmModem(modem.place, 115200, requestDelivery=False, **callbacks)
    driver.connect()
    try:
        driver.smsTextMode = False
        yield driver
    finally:
        # It deletes messages that it has handed out in threads of their own.
        until(lambda: not [t for t in threading.enumerate() if "Notification" in t.name], "busy")
        driver.close()
        for thread in set(threading.enumerate()) - before:
            thread.join(20)  # what fails in one shall not spoil the next test


def test_identity_network_and_a_message_in_and_out() -> None:
    received: list[Any] = []
    with ModemProcess("--pty") as modem:
        modem.ready()
        with connected(modem, smsReceivedCallbackFunc=received.append) as driver:
            assert driver.manufacturer == "SIMCOM_Ltd"
            assert driver.imei == "869170031234567"
            assert driver.networkName == "TestNet"
            assert driver.signalStrength == 23
            modem.do(f"sms {BOB} Hello driver")
            until(lambda: received, modem.lines)
            driver.sendSms(ANN, "Hello from a driver")
            modem.wait(f"sms_to {ANN} Hello from a driver")
    assert [(m.number, m.text) for m in received] == [(BOB, "Hello driver")]


@long_form
def test_messages_of_every_kind_and_a_restart() -> None:
    received: list[Any] = []
    with ModemProcess("--pty") as modem:
        modem.ready()
        with connected(modem, smsReceivedCallbackFunc=received.append) as driver:
            for text in (LONG_TEXT, WIDE_TEXT):
                modem.do(f"sms {BOB} {text}")
                until(lambda t=text: "".join(m.text for m in received).endswith(t), received)
            for text in (LONG_TEXT, WIDE_TEXT):
                driver.sendSms(ANN, text)
                modem.wait(f"sms_to {ANN} {text}")
            driver.sendSms(ANN, "Look!", sendFlash=True)
            modem.wait(f"flash_to {ANN} Look!")
            driver.requestDelivery = True
            sent = driver.sendSms(ANN, "And a report", waitForDeliveryReport=True)
            assert sent.status == SentSms.DELIVERED
            driver.requestDelivery = False
            driver.smsTextMode = True
            driver.sendSms(ANN, "In text mode")
            modem.wait(f"sms_to {ANN} In text mode")
        modem.restart()
        with connected(modem) as driver:
            driver.sendSms(ANN, "After a restart")
            modem.wait(f"sms_to {ANN} After a restart")


@long_form
def test_calls_ussd_and_the_phone_book() -> None:
    calls: list[Any] = []
    with ModemProcess("--pty") as modem:
        modem.ready()
        modem.do("ussd *100# Balance 5.00")
        with connected(modem, incomingCallCallbackFunc=calls.append) as driver:
            assert driver.sendUssd("*100#").message == "Balance 5.00"
            # Not all of it: a letter that is no ASCII ends its thread (babca/python-gsmmodem#121).
            lines = driver.write('AT+CPBS="SM"') + driver.write("AT+CPBR=1,6")
            assert '+CPBR: 1,"+358508771000",145,"Customer care"' in lines
            modem.do(f"ring {BOB}")
            until(lambda: calls, modem.lines)
            # None if it took RING for a whole notification (faucamp/python-gsmmodem#83).
            assert calls[0].number in (BOB, None)
            calls[0].answer()
            modem.wait(f"call in {BOB} answered")
            calls[0].hangup()
            modem.wait(f"call in {BOB} ended")
            # It cannot read +CLCC of a SIM800: its call is lost (faucamp/python-gsmmodem#112).
            with pytest.raises(TimeoutException):
                driver.dial(ANN)
            modem.wait(f"call out {ANN} ringing")
            driver.write("ATH")
            modem.wait(f"call out {ANN} cancelled")
