"""The models: which features each product has, and the wording of its replies.

A row of features is (module in features/, class, role in `Device`), in the order of their lines in
STATUS. Only the chosen model's modules are imported, so a model takes no memory for what it lacks.
This module is needed at a start only, and is released afterwards.
"""

from collections import namedtuple

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
# A product: its name, its dialect, and its features as pairs of (class, role).
Model = namedtuple("Model", ("product", "dialect", "features"))

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

_EP_FEATURES = (
    ("socket", "PowerSocket", "socket"),
    ("socket", "Status", "status"),
    ("temperature", "Thermometer", "thermometer"),
    ("temperature", "Thermostat", "thermostat"),
    ("temperature", "TemperatureAlerts", "temperature_alerts"),
    ("security", "Security", "security"),
    ("security", "ShortCuts", "short_cuts"),
    ("confirmation", "Confirmation", "confirmation"),
    ("identity", "Identity", "identity"),
    ("button", "Button", "button"),
    ("ring", "RingAction", "ring"),
    ("power", "PowerNotifier", "power"),
    ("alarm", "SensorAlarm", "alarm"),
    ("scheduler", "Scheduler", "scheduler"),
    ("credit", "Credit", "credit"),
    ("clock", "Clock", "clock"),
)
_GSM70X_FEATURES = (
    ("socket", "PowerSocket", "socket"),
    ("gsm70x_full", "MicroRelay", "micro"),
    ("socket", "Status", "status"),
    ("gsm70x_full", "BuiltInThermometer", "thermometer"),
    ("gsm70x_full", "OwnThermostat", "thermostat"),
    ("gsm70x_full", "OwnTemperatureAlerts", "temperature_alerts"),
    ("security", "Security", "security"),
    ("gsm70x", "Renewal", "renewal"),
    ("confirmation", "Confirmation", "confirmation"),
    ("identity", "Identity", "identity"),
    ("gsm70x", "TwoPresses", "button"),
    ("gsm70x_full", "Microphone", "microphone"),
    ("gsm70x_full", "RingMicrophone", "ring"),
    ("gsm70x_full", "MicroAlarm", "alarm"),
    ("scheduler", "Scheduler", "scheduler"),
    ("clock", "Clock", "clock"),
)
_LIGHT_FEATURES = (
    ("socket", "PowerSocket", "socket"),
    ("socket", "Status", "status"),
    ("security", "Security", "security"),
    ("gsm70x", "Renewal", "renewal"),
    ("confirmation", "Confirmation", "confirmation"),
    ("identity", "Identity", "identity"),
    ("gsm70x", "TwoPresses", "button"),
    ("gsm70x", "RingConfirm", "ring"),
    ("gsm70x", "LightClock", "clock"),
)
_WITH_BATTERY = (("gsm70x", "PowerSwitchless", "power"),)
_WITHOUT_BATTERY = (("gsm70x", "PowerBack", "power"), ("credit", "Saldo", "credit"))

# Name of the model -> product, dialect, features.
_MODELS = {
    "EP": ("Environment Pro", _ENVIRONMENT_PRO, _EP_FEATURES),
    "GSM707": ("GSM 707", _GSM70X, _GSM70X_FEATURES + _WITH_BATTERY),
    "GSM706": ("GSM 706", _GSM70X, _GSM70X_FEATURES + _WITHOUT_BATTERY),
    "GSM707-LIGHT": ("GSM 707 Light", _GSM70X, _LIGHT_FEATURES + _WITH_BATTERY),
    "GSM706-LIGHT": ("GSM 706 Light", _GSM70X, _LIGHT_FEATURES + _WITHOUT_BATTERY),
}


def load(name):
    """Return the model of that name. Raises ValueError, which lists the names."""
    if name not in _MODELS:
        raise ValueError("no model " + repr(name) + "; there are: " + ", ".join(sorted(_MODELS)))
    product, dialect, rows = _MODELS[name]
    features = []
    for module, kind, role in rows:
        package = __import__("powersocket.features." + module, None, None, (kind,))
        features.append((getattr(package, kind), role))
    return Model(product, Dialect(*dialect), tuple(features))
