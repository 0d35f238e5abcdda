# SPDX-License-Identifier: MIT
"""The models: which features each product has, and the wording of its replies.

A row of features is (module in features/, class, role in `Device`), in the order of their lines in
STATUS. Only the chosen model's modules are imported, so a model takes no memory for what it lacks.
Settings that differ by model are declared here, too. This module is needed at a start only, and is
released afterwards.
"""

from collections import namedtuple

from powersocket import const
from powersocket.settings import OFF_ON, ON_OFF, Choice, Number

# What differs between models in words and counts.
# unknown, expired: what follows the text in these two errors; unit, unit_seconds, longest: of
# ON*n* and OFF*n*; security_lifts_window: no limit to Conf commands once security is set up;
# hardware: what follows the product's name.
Dialect = namedtuple(
    "Dialect",
    (
        "unknown",
        "expired",
        "unit",
        "unit_seconds",
        "longest",
        "security_lifts_window",
        "hardware",
    ),
)
# A product: its name, its dialect, its features as pairs of (class, role), and what it has
# otherwise than these say: role -> {attribute: value}.
Model = namedtuple("Model", ("product", "dialect", "features", "own"))

_ENVIRONMENT_PRO = (
    " - No such command exists on the device!",
    " - Time for configuration is expired (Conf)!",
    "seconds",
    1,
    65000,
    True,
    "",
)
_GSM70X = (
    " - Error!",
    " - Time for configuration is expired (30min)!",
    "min",
    60,
    720,
    False,
    ", Hardware v1.1",
)

_EP_FEATURES = const(
    (
        ("socket", "PowerSocket", "socket"),
        ("socket", "Status", "status"),
        ("temperature", "Thermometer", "thermometer"),
        ("temperature", "Thermostat", "thermostat"),
        ("temperature", "TemperatureAlerts", "temperature_alerts"),
        ("security", "Security", "security"),
        ("environment_pro", "ShortCuts", "short_cuts"),
        ("confirmation", "Confirmation", "confirmation"),
        ("identity", "Identity", "identity"),
        ("button", "Button", "button"),
        ("ring", "RingAction", "ring"),
        ("power", "PowerNotifier", "power"),
        ("environment_pro", "SocketAlarm", "alarm"),
        ("scheduler", "Scheduler", "scheduler"),
        ("credit", "Credit", "credit"),
        ("clock", "Clock", "clock"),
    )
)
_GSM70X_FEATURES = (
    ("socket", "PowerSocket", "socket"),
    ("gsm70x_full", "MicroRelay", "micro"),
    ("socket", "Status", "status"),
    ("gsm70x_full", "BuiltInThermometer", "thermometer"),
    ("gsm70x_full", "OwnThermostat", "thermostat"),
    ("temperature", "TemperatureAlerts", "temperature_alerts"),
    ("security", "Security", "security"),
    ("gsm70x", "Renewal", "renewal"),
    ("confirmation", "Confirmation", "confirmation"),
    ("identity", "Identity", "identity"),
    ("gsm70x", "TwoPresses", "button"),
    ("gsm70x_full", "Microphone", "microphone"),
    ("gsm70x", "RingConfirm", "ring"),
    ("gsm70x_full", "MicroAlarm", "alarm"),
    ("scheduler", "Scheduler", "scheduler"),
    ("clock", "Clock", "clock"),
)
_NOT_LIGHT = const(("gsm70x_full", "temperature", "scheduler"))  # what a Light version lacks
_LIGHT_FEATURES = tuple([row for row in _GSM70X_FEATURES if row[0] not in _NOT_LIGHT])
_POWER = (("power", "PowerNotifier", "power"),)
_POWER_AND_CREDIT = _POWER + (("credit", "Credit", "credit"),)

# Name of the model -> product, dialect, features.
_MODELS = {
    "EP": ("Environment Pro", _ENVIRONMENT_PRO, _EP_FEATURES),
    "GSM707": ("GSM 707", _GSM70X, _GSM70X_FEATURES + _POWER),
    "GSM706": ("GSM 706", _GSM70X, _GSM70X_FEATURES + _POWER_AND_CREDIT),
    "GSM707-LIGHT": ("GSM 707 Light", _GSM70X, _LIGHT_FEATURES + _POWER),
    "GSM706-LIGHT": ("GSM 706 Light", _GSM70X, _LIGHT_FEATURES + _POWER_AND_CREDIT),
}


def load(name, us=False):
    """Return the model of that name; us: it is one for the United States.

    Raises ValueError, which lists the names.
    """
    if name not in _MODELS:
        raise ValueError("no model " + repr(name) + "; there are: " + ", ".join(sorted(_MODELS)))
    product, dialect, rows = _MODELS[name]
    features = []
    for module, kind, role in rows:
        features.append((_class(module, kind), role))
    return Model(product, Dialect(*dialect), tuple(features), _own_of(name, us))


def _class(module, name):
    """Return a class of a module in features/, which is in memory from then on."""
    return getattr(__import__("powersocket.features." + module, None, None, (name,)), name)


def _own_of(name, us):
    """Return role -> {attribute: value}: the settings that differ by model, and what else does."""
    if name == "EP":
        return _own_of_environment_pro()
    # Without POWERALERT alerts are sent whenever there is an alert number; the GSM 706 has no
    # battery, so that a failure cannot be reported, only that it is over.
    own: dict = {"power": {"battery": "707" in name}}
    if "706" in name:
        own["credit"] = {
            "parameters": (_class("credit", "UssdCode")("SALDOUMS", ""),),
            "commands": (("SALDO", "credit", "always"), ("SIMCARD*", "sim_card", "Conf")),
        }
    ring: tuple = ("NOACTION", "RESTART", "SWITCH")
    if "LIGHT" in name:
        # The calendar alone, for RUNTIME and the time line of alerts.
        own["clock"] = {"commands": (), "status": None}
    else:
        ring += ("MIC",)
        own.update(_own_temperatures(us))
    confirm = (Choice("RINGCONFIRM", ON_OFF), Choice("RINGCONFIRMTYPE", ("SMS", "CALL")))
    own["ring"] = {"parameters": (Choice("RING", ring),) + confirm}
    return own


def _own_of_environment_pro():
    Temperature = _class("temperature", "Temperature")
    return {
        "ring": {
            "parameters": (
                Choice("RING", ("NOACTION", "RESTART", "SWITCH")),
                Choice("RINGCONFIRM", ("SMS", "CALL", "OFF")),
            )
        },
        "power": {"parameters": (Choice("POWERALERT", ON_OFF),)},
        "thermostat": {
            "parameters": (
                Choice("THERMOSTAT", ("HEATING", "COOLING")),
                Temperature("SWITCHOFFTEMP", "10C"),
                Choice("SWITCHOFFALERT", OFF_ON),
                Choice("TSENSFAILALERT", OFF_ON),
            )
            + _guards(_class("environment_pro", "Difference")("HYSTERESIS", "0C"))
        },
        "temperature_alerts": {
            "parameters": (Temperature("TRISEALERT", ""), Temperature("TFALLALERT", ""))
        },
    }


def _guards(hysteresis):
    """Return the parameters that guard what the thermostat switches."""
    return (
        hysteresis,
        Number("MINTIME", 0, 0, 60, "minutes"),
        Choice("SENSORFAIL", ("KEEP", "ON", "OFF")),
    )


def _own_temperatures(us):
    """Of GSM 706 and 707, in the one unit that the device has."""
    Degrees = _class("gsm70x_full", "Degrees")
    limits = (14, 122, "F") if us else (-10, 50, "C")
    off, lowest = ("50F", 32) if us else ("10C", 0)
    difference = ("0F", 0, 9, "F") if us else ("0C", 0, 5, "C")
    return {
        "thermostat": {
            "parameters": (
                Choice("THERMOSTAT", ("HEATING", "COOLING")),
                Degrees("TEMPOFF", off, lowest, *limits[1:]),
                Choice("THERMALERT", OFF_ON),
            )
            + _guards(Degrees("HYSTERESIS", *difference))
        },
        "temperature_alerts": {
            "parameters": (Degrees("TRISEALERT", "", *limits), Degrees("TFALLALERT", "", *limits))
        },
    }
