"""The models: a list of features and a dialect each; only the chosen one's are imported."""


class Dialect:
    """What models say and count differently.

    unknown, expired: what follows the text in these two errors; unit, unit_seconds, longest: of
    ON*n* and OFF*n*; security_lifts_window: no limit to Conf commands once security is set up.
    """

    def __init__(self, unknown, expired, unit, unit_seconds, longest, security_lifts_window):
        self.unknown = unknown
        self.expired = expired
        self.unit = unit
        self.unit_seconds = unit_seconds
        self.longest = longest
        self.security_lifts_window = security_lifts_window


class Model:
    """A product: its names, how it speaks, and its features in the order of their STATUS lines."""

    def __init__(self, name, product, dialect, features):
        self.name = name
        self.product = product
        self.dialect = dialect
        self.features = features


def _environment_pro():
    from powersocket.features.alert_numbers import AlertNumbers, ShortCuts
    from powersocket.features.button import Button
    from powersocket.features.calls import Calls
    from powersocket.features.clock import Date
    from powersocket.features.confirmation import Confirmation
    from powersocket.features.credit import Credit
    from powersocket.features.identity import Identity
    from powersocket.features.power_failure import PowerFailure
    from powersocket.features.power_socket import PowerSocket
    from powersocket.features.scheduler import Scheduler
    from powersocket.features.security import Security
    from powersocket.features.sensor_alarm import SensorAlarm
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
        SensorAlarm,
        Scheduler,
        Credit,
        Date,
    )
    return Model("EP", "Environment Pro", dialect, features)


_MODELS = {"EP": _environment_pro}


def load(name):
    """Return the model of that name. Raises ValueError with the names that there are."""
    if name not in _MODELS:
        raise ValueError("no model " + repr(name) + "; there are: " + ", ".join(sorted(_MODELS)))
    return _MODELS[name]()
