"""Builds the application once a start: every part between the board's ports and the device.

In memory only meanwhile (see seldom.py), so nothing that lives on may be defined here.
"""

from powersocket.device import Device
from sim800.modem import Modem
from sim800.supervisor import Supervisor

from firmware.lights import Lights
from firmware.log import Log
from firmware.mail import MailReader, MailSender
from firmware.phone import CallTaker, ErrandRunner, Talk
from firmware.seldom import release
from firmware.store import Store
from firmware.watches import ButtonWatch, ContactWatch, JackWatch, MainsWatch, ThermometerWatch


def compose(app):
    """Give an application its parts."""
    board = app.board
    app.log = Log(board.log, app.now)
    app.store = Store(board.flash, app.log)
    _make_device(app)
    _make_modem(app)
    talk = Talk(app, app.modem) if app.device.microphone is not None else None
    app.mail_reader = MailReader(app, app.modem, app.supervisor)
    app.mail_sender = MailSender(app, app.modem, app.supervisor)
    app.errand_runner = ErrandRunner(app, app.modem, app.supervisor, talk)
    app.lights = Lights(app.device, board.leds)
    app.mains = MainsWatch(app, board)
    app.thermometer = ThermometerWatch(app, board.thermometer)
    app.workers = _workers(app, talk)


def _make_device(app):
    board = app.board
    record = app.store.load()
    model = _model(board.config["MODEL"])
    app.device = Device(model, board.config, board.unique_id, record, app.log, app.store.load)
    app.device.on_battery = app.device.battery and not board.mains.value


def _model(name):
    from powersocket.models import load

    model = load(name)
    release("powersocket.models")
    return model


def _make_modem(app):
    board = app.board
    app.modem = Modem(board.uart, app.log, app.modem_changed)
    app.modem.on_time = app.network_time
    app.supervisor = Supervisor(app.modem, board.modem_power, app.log)
    app.supervisor.pin = board.config.get("PIN") or ""
    app.supervisor.refused = app.device.record.get("pin", "")


def _workers(app, talk):
    """Return (name, coroutine function) of each task that this model and board need."""
    board, device, modem = app.board, app.device, app.modem
    workers = [
        ("reader", modem.read_forever),
        ("calls", modem.calls.run_forever),
        ("supervisor", app.supervisor.run_forever),
        ("mail reader", app.mail_reader.run_forever),
        ("mail sender", app.mail_sender.run_forever),
        ("errands", app.errand_runner.run_forever),
        ("deadlines", app.keep_deadlines),
        ("lights", app.lights.run_forever),
        ("button", ButtonWatch(app, board).run_forever),
        ("incoming", CallTaker(app, modem, talk).run_forever),
        ("watchdog", app.feed_watchdog),
    ]
    if talk is not None:
        workers.append(("talk", talk.run_forever))
    if device.battery:
        workers.append(("mains", app.mains.run_forever))
        workers.append(("sleep", app.mains.sleep_when_quiet))
    if device.thermometer is not None:
        workers.append(("thermometer", app.thermometer.run_forever))
    if device.alarm is not None:
        workers.append(("contact", ContactWatch(app, board.contact).run_forever))
        if board.jack is not None:
            workers.append(("jack", JackWatch(app, board.jack).run_forever))
    return workers
