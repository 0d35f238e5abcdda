"""The models: a list of features and a dialect each; only the chosen one's are imported.

A function imports what its models share, so that a model without it takes no memory for it.
"""


class Dialect:
    """What models say and count differently.

    unknown, expired: what follows the text in these two errors; unit, unit_seconds, longest: of
    ON*n* and OFF*n*; security_lifts_window: no limit to Conf commands once security is set up;
    hardware: what follows the product's name.
    """

    def __init__(
        self, unknown, expired, unit, unit_seconds, longest, security_lifts_window, hardware
    ):
        self.unknown = unknown
        self.expired = expired
        self.unit = unit
        self.unit_seconds = unit_seconds
        self.longest = longest
        self.security_lifts_window = security_lifts_window
        self.hardware = hardware


class Model:
    """A product: its name, how it speaks, and its features in the order of their STATUS lines."""

    def __init__(self, product, dialect, features):
        self.product = product
        self.dialect = dialect
        self.features = features


def _environment_pro():
    from powersocket.features.alert_numbers import AlertNumbers
    from powersocket.features.button import Button
    from powersocket.features.calls import Calls
    from powersocket.features.confirmation import Confirmation
    from powersocket.features.credit import Credit
    from powersocket.features.date import Date
    from powersocket.features.identity import Identity
    from powersocket.features.power_failure import PowerFailure
    from powersocket.features.power_socket import PowerSocket
    from powersocket.features.relay_alarm import RelayAlarm
    from powersocket.features.scheduler import Scheduler
    from powersocket.features.security import Security
    from powersocket.features.short_cuts import ShortCuts
    from powersocket.features.status import Status
    from powersocket.features.temperature_alerts import TemperatureAlerts
    from powersocket.features.thermometer import Thermometer
    from powersocket.features.thermostat import Thermostat

    dialect = Dialect(
        unknown=" - No such command exists on the device!",
        expired=" - Time for configuration is expired (Conf)!",
        unit="seconds",
        unit_seconds=1,
        longest=65000,
        security_lifts_window=True,
        hardware="",
    )
    features = (
        PowerSocket,
        Status,
        Thermometer,
        Thermostat,
        TemperatureAlerts,
        Security,
        AlertNumbers,
        ShortCuts,
        Confirmation,
        Identity,
        Button,
        Calls,
        PowerFailure,
        RelayAlarm,
        Scheduler,
        Credit,
        Date,
    )
    return Model("Environment Pro", dialect, features)


def _gsm_dialect():
    return Dialect(
        unknown=" - Error!",
        expired=" - Time for configuration is expired (30min)!",
        unit="min",
        unit_seconds=60,
        longest=720,
        security_lifts_window=False,
        hardware=", Hardware v1.1",
    )


def _gsm70x(product, power, more):
    from powersocket.features.confirmation import Confirmation
    from powersocket.features.date import Date
    from powersocket.features.identity import Identity
    from powersocket.features.micro_alarm import MicroAlarm
    from powersocket.features.micro_relay import MicroRelay
    from powersocket.features.microphone import Microphone
    from powersocket.features.own_degrees import (
        BuiltInThermometer,
        OwnAlertNumbers,
        OwnTemperatureAlerts,
        OwnThermostat,
    )
    from powersocket.features.power_socket import PowerSocket
    from powersocket.features.renewal import Renewal
    from powersocket.features.ring_confirm import RingMicrophone
    from powersocket.features.scheduler import Scheduler
    from powersocket.features.security import Security
    from powersocket.features.status import Status
    from powersocket.features.two_presses import TwoPresses

    features = (
        PowerSocket,
        MicroRelay,
        Status,
        BuiltInThermometer,
        OwnThermostat,
        OwnTemperatureAlerts,
        Security,
        Renewal,
        OwnAlertNumbers,
        Confirmation,
        Identity,
        TwoPresses,
        Microphone,
        RingMicrophone,
        power,
        MicroAlarm,
        Scheduler,
        Date,
    )
    return Model(product, _gsm_dialect(), features + more)


def _gsm70x_light(product, power, more):
    from powersocket.features.alert_numbers import AlertNumbers
    from powersocket.features.clock import Clock
    from powersocket.features.confirmation import Confirmation
    from powersocket.features.identity import Identity
    from powersocket.features.power_socket import PowerSocket
    from powersocket.features.renewal import Renewal
    from powersocket.features.ring_confirm import RingConfirm
    from powersocket.features.security import Security
    from powersocket.features.status import Status
    from powersocket.features.two_presses import TwoPresses

    features = (
        PowerSocket,
        Status,
        Security,
        Renewal,
        AlertNumbers,
        Confirmation,
        Identity,
        TwoPresses,
        RingConfirm,
        power,
        Clock,
    )
    return Model(product, _gsm_dialect(), features + more)


def _gsm706_parts():
    from powersocket.features.power_back import PowerBack
    from powersocket.features.saldo import Saldo

    return PowerBack, (Saldo,)


def _gsm707():
    from powersocket.features.talking_notifier import TalkingNotifier

    return _gsm70x("GSM 707", TalkingNotifier, ())


def _gsm706():
    return _gsm70x("GSM 706", *_gsm706_parts())


def _gsm707_light():
    from powersocket.features.power_notifier import PowerNotifier

    return _gsm70x_light("GSM 707 Light", PowerNotifier, ())


def _gsm706_light():
    return _gsm70x_light("GSM 706 Light", *_gsm706_parts())


def load(name):
    """Return the model of that name. Raises ValueError with the names that there are."""
    models = {
        "EP": _environment_pro,
        "GSM707": _gsm707,
        "GSM706": _gsm706,
        "GSM707-LIGHT": _gsm707_light,
        "GSM706-LIGHT": _gsm706_light,
    }
    if name not in models:
        raise ValueError("no model " + repr(name) + "; there are: " + ", ".join(sorted(models)))
    return models[name]()
