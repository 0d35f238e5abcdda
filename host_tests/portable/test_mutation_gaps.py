"""What the other tests did not notice when `make mutants` changed it."""

from alarm_kit import House
from device_kit import CHIP, Kit, raised
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
