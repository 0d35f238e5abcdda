# SPDX-License-Identifier: MIT
"""HELP, "Did you mean" and SETTINGS: every name, every neighbour, every setting."""

from device_kit import OWNER, Kit
from powersocket import handbook
from powersocket.interpreter import NUMBER, Message
from powersocket.settings import NumberList, Secret

MODELS = ("EP", "GSM707", "GSM706", "GSM707-LIGHT", "GSM706-LIGHT")
GSM7_ONE_PART = 160
EXTENSION = "^{}\\[~]|\n"  # but for the line break, each takes the place of two characters
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# A value of each setting that is not the factory's, if none can be made from its declaration.
VALUES = {
    "RELAYTIME": "OFF65000",
    "CREDITUMS": "*100#",
    "SALDOUMS": "*100#",
    "SWITCHOFFTEMP": "-7F",
    "TRISEALERT": "-55C",
    "TFALLALERT": "248F",
    "HYSTERESIS": "9F",
}
OF_70X = {"TRISEALERT": "-10", "TFALLALERT": "50", "TEMPOFF": "0", "HYSTERESIS": "5"}


def names(device):
    return [name for _, found in handbook.groups(device) for name in found]


def test_every_command_has_its_line_and_every_line_a_command():
    used = set()
    for model in MODELS:
        device = Kit(model=model).device
        there = {handbook.named(row[0]) for f in device.features for row in f.rows()}
        listed = names(device)
        assert set(listed) == there, model
        assert len(listed) == len(there), "twice in the handbook"
        used |= there
    lines = [name for group in handbook.TABLE for row in group[1:] for name in row[0].split(" ")]
    assert set(lines) == used


def test_help_is_one_part_for_each_name():
    for model in MODELS:
        kit = Kit(model=model)
        for name in names(kit.device):
            text = kit.say("HELP " + name)
            assert text.startswith(name), text
            size = len(text) + len([c for c in text if c in EXTENSION and c != "\n"])
            assert size <= GSM7_ONE_PART, text
            assert all([ord(c) < 127 and c not in "`" for c in text]), text
            purpose = text.split("\n")[-1]
            assert purpose[-1] in ".:", text


def test_what_help_says_of_limits_is_what_the_device_takes():
    kit = Kit()
    for text, taken in (("ON65000", True), ("ON65001", False), ("RELAYTIME=OFF65000", True)):
        assert "65000" in kit.say("HELP " + text)
        assert ("Incorrect" not in kit.say(text)) == taken, text
    assert "Incorrect" in kit.say("RELAYTIME=ON65001")
    for text in ("-55C", "120C", "-67F", "248F"):
        assert text in kit.say("HELP TRISEALERT")
        assert kit.say("TRISEALERT=" + text).endswith(" - OK")
    kit = Kit(model="GSM706", config={"US": True})
    assert "32..122" in kit.say("HELP TEMPOFF")
    assert "Default: 50" in kit.say("HELP TEMPOFF")
    assert "ON1..ON720 min" in kit.say("HELP ON")


def distance_one(a, b):
    """The definition, tried out: every text that one mistake makes of a."""
    made = [a[:i] + a[i + 1 :] for i in range(len(a))]
    made += [a[:i] + a[i + 1 : i + 2] + a[i : i + 1] + a[i + 2 :] for i in range(len(a) - 1)]
    for c in LETTERS:
        made += [a[:i] + c + a[i:] for i in range(len(a) + 1)]
        made += [a[:i] + c + a[i + 1 :] for i in range(len(a))]
    return b != a and b in made


def test_near_is_one_mistake():
    words = ("ON", "OFF", "ONM", "NO", "ALARM", "ALARMON", "ALRAM", "ALAM", "ALARRM", "AALRM", "")
    words += ("STATUS", "STATSU", "STAUTS", "TSATUS", "STATU", "STATUSS", "STATZS", "TATUS", "OF")
    for a in words:
        for b in words:
            assert handbook.near(a.encode(), b.encode()) == distance_one(a, b), (a, b)


def test_the_hint():
    kit = Kit()
    unknown = " - No such command exists on the device!"
    for typed, hint in (
        ("STATSU", "STATUS"),
        ("statsu please", "STATUS"),
        ("OF", "ON"),
        ("ALARMOF", "ALARMON"),
        ("ALARMO", "ALARMON"),
        ("THERMOSTATO", "THERMOSTATON"),
        ("DATTE=26/11/20", "DATE"),
        ("HELPP STATUS", "HELP"),
        ("STATUS?", None),
        ("ON 30 please", None),
        ("STTSU", None),
        ("1STATSU", None),
        ("", None),
    ):
        if typed:
            said = kit.say(typed)
            wanted = typed + unknown + ("\nDid you mean " + hint + "?" if hint else "")
            assert said == wanted, said
        kit.wait(700)
    assert kit.say("SECNUMBR+31600000001=5").startswith("SECNUMBR+31600000001=5 - No")


def test_a_secret_behind_a_misspelt_name():
    kit = Kit(model="GSM707")
    for typed, shown in (
        ("PASWORD = 12abc", "PASWORD =******"),
        ("RENEWINTERVLPW=123abc789", "RENEWINTERVLPW=*********"),
        ("RENEWINTERVL=123abc789", "RENEWINTERVL=*********"),
        ("PASSWORDD=12abc", "PASSWORDD=*****"),
        ("RESTARTIM=12345", "RESTARTIM=12345"),
    ):
        assert kit.say(typed).startswith(shown + " - Error!"), typed
        kit.wait(700)
    kit = Kit(model="GSM707")
    assert kit.say("PASSWORD=12abc") == "PASSWORD=***** - OK"
    assert kit.say("PASWORD=98xyz") == "PASWORD=***** - Error!"
    assert kit.say("98xyzPASWORD=12abc") == "98xyzPASWORD=***** - Error!"


def full(model):
    """A device of which every setting differs and every list is full, and its owner is on it."""
    kit = Kit(model=model)
    device = kit.device
    for i in range(10):
        number = OWNER if i == 0 else "+12345678901234%d" % i
        for name in ("SECNUMBER", "ALERTNUMBER"):
            assert kit.say(name + "+" + number).endswith(" - OK")
    for minute in range(8 if "SCHEDULER" in names(device) else 0):
        assert kit.say("SCHEDULER+23:5%d,*,AON" % minute).endswith(" - OK")
    assert kit.say("SECLIST=ON").endswith(" - OK")
    for parameter in [p for f in device.features for p in f.parameters]:
        name = parameter.name
        if isinstance(parameter, NumberList) or isinstance(parameter, Secret):
            continue
        value = VALUES.get(name)
        if model != "EP":
            value = OF_70X.get(name, value)
        if value is None:
            values = getattr(parameter, "choices", None)
            value = values[-1] if values else str(parameter.high)
        if name in ("SMSCONFIRM", "ERROR"):
            device.set(name, "OFF")
        elif name != "SECLIST":
            said = kit.say(name + "=" + value)
            assert said is None or " - OK" in said, (name, said)
    for name in ("THERMOSTATON", "ALARMON"):
        if name in names(device):
            kit.send(name)
    kit.commit()
    return kit


def state(kit):
    """What SETTINGS has to bring over."""
    record = kit.stored()
    rules = [rule[:3] for rule in record.get("scheduler", {}).get("rules", [])]
    on = [record.get(part, {}).get("on") for part in ("thermostat", "alarm")]
    return record["settings"], rules, on


def test_sent_back_line_by_line_a_new_device_is_as_the_old_one():
    for model in MODELS:
        old = full(model)
        lines = old.say("SETTINGS").split("\n")
        assert len(lines) > (40 if model == "EP" else 25), lines
        new = Kit(model=model)
        for line in lines:
            assert len(line) <= 30, line
            new.send(line)
        assert state(new) == state(old), model
        assert new.say("SETTINGS").split("\n") == lines


def test_nothing_but_what_differs():
    kit = Kit()
    kit.send("SECNUMBER" + OWNER)
    for text in ("RESTARTTIME=5", "RESTARTTIME=10", "ALARMON", "ALARMOFF", "ALERTME"):
        kit.send(text)
    assert kit.say("SETTINGS") == "SECNUMBER" + OWNER + "\nALERTNUMBER" + OWNER


def test_a_secret_is_never_shown():
    kit = Kit(model="GSM707")
    kit.send("SECNUMBER" + OWNER)
    kit.send("RENEWINTERVALPW=123abc789")
    kit.send("PASSWORD=12abc")
    kit.send("12abcRENEWINTERVALPW=123abc789")
    said = kit.say("12abcSETTINGS")
    assert said == "SECNUMBER" + OWNER + "\nPASSWORD=*****\nRENEWINTERVALPW=*********"


def test_help_forgets_the_module_even_if_it_refuses():
    kit = Kit()
    forgotten = []
    kit.device.release = forgotten.append
    for text in ("HELP", "HELP ME", "STATSU"):
        kit.receive(Message(OWNER, NUMBER, text, text))
    assert forgotten == ["powersocket.handbook"] * 3
