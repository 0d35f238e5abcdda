"""What the other tests did not notice when `make mutants` changed it."""

from alarm_kit import House
from device_kit import CHIP, OWNER, Kit, raised
from powersocket import calendar, models
from powersocket.device import Device
from powersocket.message import NUMBER, Message
from powersocket.parameters import Incorrect, whole

SMOKE = True

DAY = 86400


def test_the_operators_answer_is_no_error():
    kit = Kit()
    kit.say_all("CREDITUMS=*100#", "SMSCONFIRM=OFF")
    assert kit.say("ERROR=OFF") is None
    assert kit.say("CREDIT") is None
    errand = kit.device.errands.first()
    kit.device.errands.begin(errand)
    kit.device.errands.done(errand, "Your balance is 5.00", kit.now)
    assert [text for _, text in kit.post()] == ["Your balance is 5.00"]


def test_a_rule_remembers_the_last_four_dates_on_which_it_acted():
    monday = calendar.seconds(2026, 1, 5, 7, 59, 0)
    kit = Kit()
    kit.say_all("SCHEDULER+08:00,*,ON")
    for day in range(4):
        kit.device.network_time(monday + day * DAY, 0, kit.now)
        kit.wait(120)
        assert kit.on, day
        kit.say("OFF")
    for day in range(4):  # set back to each of them: it has acted
        kit.device.network_time(monday + day * DAY, 0, kit.now)
        kit.wait(120)
        assert not kit.on, day
    for day in range(4, 40):  # the memory is bounded
        kit.device.network_time(monday + day * DAY, 0, kit.now)
        kit.wait(120)
    assert len(kit.stored()["scheduler"]["rules"][0][3]) == 4


def test_a_number_has_nine_digits_at_most():
    assert whole("000000005", 1, 600) == 5
    assert whole(" 000000005 ", 1, 600) == 5
    assert raised(Incorrect, whole, "0000000005", 1, 600)
    assert raised(Incorrect, whole, "9" * 4000, 1, 600)


def test_the_action_of_calls_goes_back_to_its_default_and_is_not_stored():
    kit = Kit()
    kit.say_all("SECNUMBER+31600000001", "SECLIST=ON", "RING=SWITCH")
    assert kit.stored()["settings"]["RING"] == "SWITCH"
    kit.say_all("SECLIST=OFF")
    assert "RING" not in kit.stored()["settings"]


def small(*kept):
    """Return a device of a model with these features alone."""
    model = models.load("EP")
    model.features = tuple([f for f in model.features if f.__name__ in kept])
    assert len(model.features) == len(kept)
    device = Device(model, {}, CHIP, {}, lambda line: None, dict)
    device.start("power", 0)
    return device


def replies(device, *texts):
    for i, text in enumerate(texts):
        device.receive(Message("+31600000001", NUMBER, text, "m%d" % i), 60 + i)
    return [entry[2] for entry in device.outbox.entries]


def test_a_model_without_a_thermometer():
    device = small("PowerSocket", "Status", "Security", "AlertNumbers", "Confirmation", "Identity")
    device.reading(400, 60)  # whatever the board measures
    device.contact(True, 61)
    device.mains(False, 62)
    assert replies(device, "STATUS", "TEMPERATURE") == [
        "Power socket OFF\nSignal: None",
        "TEMPERATURE - No such command exists on the device!",
    ]


def test_a_model_without_security_obeys_everybody():
    device = small("PowerSocket", "Status", "AlertNumbers")
    assert replies(device, "ON", "RESTARTTIME=5", "SECLIST=ON") == [
        "Power socket ON",
        "RESTARTTIME=5 - OK",
        "SECLIST=ON - No such command exists on the device!",
    ]


def test_a_return_is_kept_although_nobody_is_told():
    house = House("ALERT=SMSCHANGE", numbers=())
    house.arm()
    section = house.device.alarm.section
    house.contact(True)
    assert house.stored()[section]["reported"]
    house.contact(False, 100)
    assert not house.stored()[section]["reported"]
    assert house.stored()[section]["ready"] == house.now + 61


def test_so_many_handled_messages_are_remembered():
    kit = Kit()
    for i in range(40):
        kit.say("ON%d" % (i + 1))
        assert len(kit.stored()["ids"]) == min(i + 1, 32)
    assert kit.stored()["ids"][0] == "m9"


def test_a_call_of_an_alarm_waits_twenty_minutes_for_the_network():
    house = House("ALERT=CALL")
    house.arm()
    house.contact(True)
    begin = house.now
    assert house.device.next_deadline() == begin + 1200
    house.wait(1199)
    assert house.calls() and house.alerts() == []
    house.wait(1)
    assert house.calls() == [] and house.alerts() == ["ALARM! Sensor is active"]


def test_the_call_that_was_taken_before_all_power_went_is_over():
    kit = Kit()
    kit.say_all("SECNUMBER" + OWNER, "SECLIST=ON", "RING=SWITCH")
    kit.device.calls.take(OWNER, kit.now)
    kit.commit()
    assert kit.stored()["calls"]["taken"] == [OWNER, 0]
    kit.restart()
    assert kit.stored()["calls"]["taken"] == [OWNER, 0]
    kit.power_cycle()
    assert kit.stored()["calls"]["taken"] == []
    for damaged in ([OWNER], [OWNER, "0"], [OWNER, 0, 0]):
        kit.device.record["calls"]["taken"] = damaged
        kit.device.changed()
        kit.commit()
        kit.restart()
        assert kit.stored()["calls"]["taken"] == [], damaged


def test_a_rule_that_is_removed_without_a_reply_is_gone():
    kit = Kit()
    kit.say_all("SCHEDULER+08:00,*,ON", "SMSCONFIRM=OFF")
    assert kit.say("SCHEDULER-08:00") is None
    kit.restart()
    assert kit.say("SCHEDULER?") == "No rules!"


def test_an_alert_that_waited_tells_when_the_sensor_changed():
    house = House("ALERT=SMSCHANGE")
    house.set_clock()
    house.arm()
    assert house.contact(True, 5) == ["ALARM! Sensor is active\nTime: 26/11/20,08:00:05"]
    assert house.contact(False, 10) == []  # the pause of a minute
    told = house.alerts_after(60)
    assert told == ["ALARM! Sensor is not active\nTime: 26/11/20,08:00:15"]


def test_which_models_have_a_battery():
    for name, battery in (("EP", True), ("GSM707", True), ("GSM706", False)):
        device = Device(models.load(name), {}, CHIP, {}, lambda line: None, dict)
        assert device.battery == battery, name
