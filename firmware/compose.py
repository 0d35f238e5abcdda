# SPDX-License-Identifier: MIT
"""Builds the application and starts it: every part between the board's ports and the device.

This module is released once that is done (see `firmware`), so no class of a lasting object may be
defined here.
"""

import asyncio

from powersocket.device import Device
from sim800 import release
from sim800.modem import Modem
from sim800.supervisor import Supervisor

from firmware.lights import Lights
from firmware.mail import MailReader, MailSender
from firmware.phone import ErrandRunner, take_calls
from firmware.store import Store
from firmware.watches import MainsWatch, ThermometerWatch, watch, watch_button


def compose(app):
    """Give an application its parts; none of its tasks runs yet."""
    board = app.board
    app.store = Store(board.flash, app.log)
    _make_device(app)
    _make_modem(app)
    app.talk = _talk(app) if app.device.microphone is not None else None
    app.mail_reader = MailReader(app, app.modem, app.supervisor)
    app.mail_sender = MailSender(app, app.modem, app.supervisor)
    app.errand_runner = ErrandRunner(app, app.modem, app.supervisor, app.talk)
    app.lights = Lights(app.device, board.leds, app.modem.family.patience)
    app.mains = MainsWatch(app, board)
    app.thermometer = ThermometerWatch(app, board.thermometer)
    app.workers = [app.mail_reader, app.mail_sender, app.errand_runner]
    if app.device.thermometer is not None:
        app.workers.append(app.thermometer)


def begin(app):
    """Start the device, then the tasks."""
    cause = app.board.reset_cause
    starts = app.device.record["starts"]
    count = starts.get(cause)
    starts[cause] = count + 1 if type(count) is int else 1
    app.device.dirty = True
    app.log("start: " + cause + " " + str(starts))
    app.device.start(app.cause, app.now())
    app.settle()
    app.tasks = [asyncio.create_task(worker) for worker in _workers(app)]


def _talk(app):
    from firmware.talk import Talk  # the other models never load it

    return Talk(app, app.modem)


def _make_device(app):
    board = app.board
    model = _model(board.config)
    app.device = Device(model, board.config, board.unique_id, app.log, app.load)
    app.device.release = release
    app.device.on_battery = app.device.power.battery and not board.mains.value


def _model(config):
    from powersocket.models import load

    model = load(config["MODEL"], config.get("US", False))
    release("powersocket.models")
    return model


def _family(config):
    from sim800.families import load

    family = load(config.get("MODEM", "SIM800L"))
    release("sim800.families")
    return family


def _make_modem(app):
    board = app.board
    app.modem = Modem(board.uart, app.log, app.modem_changed, _family(board.config))
    app.modem.on_time = app.network_time
    app.supervisor = Supervisor(app.modem, board.modem_power)
    app.supervisor.pin = board.config.get("PIN") or ""
    app.supervisor.refused = app.device.record.get("pin", "")


def _workers(app):
    """Return the coroutine of each task that this model and board need."""
    board, device, modem = app.board, app.device, app.modem
    workers = [
        modem.read_forever(),
        modem.calls.run_forever(),
        app.supervisor.run_forever(),
        app.mail_reader.run_forever(),
        app.mail_sender.run_forever(),
        app.errand_runner.run_forever(),
        watch_button(app, board),
        take_calls(app, modem.calls, app.talk),
        app.keep_time(),
    ]
    if app.talk is not None:
        workers.append(app.talk.run_forever())
    if device.power.battery:
        workers.append(app.mains.run_forever())
        workers.append(app.mains.sleep_when_quiet())
    if device.thermometer is not None:
        workers.append(app.thermometer.run_forever())
    if device.alarm is not None:
        workers.append(watch(board.contact, app.contact))
        if board.jack is not None:
            workers.append(watch(board.jack, app.jack))
    return workers
