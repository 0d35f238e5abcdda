# SPDX-License-Identifier: MIT
"""Calls to the device: who may call, what a call does, how it is confirmed; each acts once."""

from device_kit import FRIEND, OWNER, STRANGER, Kit

SMOKE = True


class Phone(Kit):
    """A kit that can be called."""

    def ring(self, caller=OWNER, rejected=True):
        """Call; return the messages that it brings, None if the call is left ringing."""
        calls = self.device.ring
        if not calls.acts(caller):
            return None
        calls.take(caller, self.now)
        self.commit()
        if rejected:
            calls.over()
            self.commit()
        return self.post()


def ready(ring="SWITCH", confirm=None):
    kit = Phone()
    kit.say_all("SECNUMBER" + OWNER, "SECLIST=ON", "RING=" + ring)
    if confirm:
        kit.say_all("RINGCONFIRM=" + confirm)
    return kit


def errands(kit):
    return [e[:2] for e in kit.device.record["errands"]]


def test_ring_needs_the_security_list():
    kit = Phone()
    assert kit.say("RING?") == "RING=(NOACTION),RESTART,SWITCH"
    for value in ("SWITCH", "RESTART"):
        assert kit.say("RING=" + value) == "SECLIST is not active!"
    # The value is looked at first; NOACTION is no action.
    assert kit.say("RING=X") == "Incorrect value!"
    assert kit.say("RING=NOACTION") == "RING=NOACTION - OK"
    assert kit.ring() is None
    kit.say_all("SECNUMBER" + OWNER)
    assert kit.say("RING=SWITCH") == "SECLIST is not active!"
    kit.say_all("SECLIST=ON")
    assert kit.ring() is None
    assert kit.say("RING=RESTART") == "RING=RESTART - OK"
    assert kit.say("RING?") == "RING=NOACTION,(RESTART),SWITCH"


def test_without_the_list_there_is_no_action():
    for text in ("SECLIST=OFF", "SECNUMBER-ALL", "SECNUMBER-" + OWNER):
        kit = ready()
        kit.say_all(text)
        assert kit.say("RING?") == "RING=(NOACTION),RESTART,SWITCH"
        assert kit.ring() is None
    kit = ready()
    kit.say_all("SECNUMBER" + FRIEND, "SECNUMBER-" + FRIEND, "PASSWORD=12abc")
    assert kit.say("12abcRING?") == "RING=NOACTION,RESTART,(SWITCH)"


def test_a_damaged_record_does_nothing():
    kit = ready()
    kit.device.record["settings"]["RING"] = "MIC"
    kit.device.dirty = True
    kit.commit()
    kit.restart()
    assert kit.ring() is None
    kit = ready()
    kit.device.record["calls"]["taken"] = ["x"]
    kit.commit()
    kit.flash = kit.flash.replace('["x"]', '["x", "y"]')
    kit.restart()
    assert kit.ring() == [(OWNER, "Power socket ON")]


def test_only_listed_callers():
    kit = ready()
    for caller in (STRANGER, "", "0600000001", "600000001", OWNER[:-1], OWNER + "1", "Vodafone"):
        assert kit.ring(caller) is None, caller
    assert not kit.on
    for caller, level in ((OWNER, True), ("00" + OWNER[1:], False), (OWNER[1:], True)):
        assert kit.ring(caller) == [(caller, "Power socket " + ("ON" if level else "OFF"))]
        assert kit.on == level


def test_switch():
    kit = ready()
    assert kit.ring() == [(OWNER, "Power socket ON")]
    assert kit.on
    assert kit.ring() == [(OWNER, "Power socket OFF")]
    assert not kit.on
    kit.say("ON60")
    kit.ring()
    assert not kit.on
    kit.wait(100)
    assert not kit.on


def test_restart():
    kit = ready("RESTART")
    assert kit.ring() == [(OWNER, "Power socket restarted")]
    assert kit.on
    kit.wait(11)
    assert not kit.on


def test_confirmation():
    kit = ready()
    assert kit.say("RINGCONFIRM?") == "RINGCONFIRM=(SMS),CALL,OFF"
    assert kit.say("RINGCONFIRM=ON") == "Incorrect value!"
    for text in ("SMSCONFIRM=OFF", "ERROR=OFF"):
        kit.say(text)
    assert kit.ring() == [(OWNER, "Power socket ON")]
    kit = ready(confirm="CALL")
    assert kit.say("RINGCONFIRM?") == "RINGCONFIRM=SMS,(CALL),OFF"
    assert kit.ring() == []
    assert kit.on
    assert errands(kit) == [["call", OWNER + " 10"]]
    kit = ready(confirm="OFF")
    assert kit.ring() == []
    assert kit.on
    assert errands(kit) == []


def test_a_confirming_call_is_no_alarm_call():
    kit = ready(confirm="CALL")
    kit.say("ALARMON")
    kit.ring()
    kit.say("ALARMOFF")  # ends the calls of an alarm
    assert errands(kit) == [["call", OWNER + " 10"]]
    errand = kit.device.errands.first()
    kit.device.errands.begin(errand)
    kit.device.errands.done(errand, "unanswered", kit.now)
    assert errands(kit) == [] and kit.post() == []


def test_a_call_that_rings_over_a_restart_acts_once():
    kit = ready()
    assert kit.ring(rejected=False) == [(OWNER, "Power socket ON")]
    kit.restart()
    kit.wait(5)
    assert kit.ring() == []  # .. but it is rejected
    assert kit.on
    assert kit.ring() == [(OWNER, "Power socket OFF")]


def test_what_rang_long_ago_rings_no_more():
    kit = ready()
    kit.ring(rejected=False)
    kit.restart()
    kit.wait(61)
    assert kit.ring() == [(OWNER, "Power socket OFF")]
    kit.ring(rejected=False)
    kit.power_cycle()
    assert kit.ring() == [(OWNER, "Power socket OFF")]


def test_another_caller_is_another_call():
    kit = ready()
    kit.say_all("SECNUMBER" + FRIEND)
    kit.ring(rejected=False)
    assert kit.ring(FRIEND) == [(FRIEND, "Power socket OFF")]


def test_it_survives_a_restart():
    kit = ready(confirm="OFF")
    kit.restart()
    assert kit.say("RING?") == "RING=NOACTION,RESTART,(SWITCH)"
    assert kit.say("RINGCONFIRM?") == "RINGCONFIRM=SMS,CALL,(OFF)"
    kit.device.factory_reset(kit.now)
    assert kit.say("RING?") == "RING=(NOACTION),RESTART,SWITCH"
    assert kit.say("RINGCONFIRM?") == "RINGCONFIRM=(SMS),CALL,OFF"


def test_the_action_of_calls_goes_back_to_its_default_and_is_not_stored():
    kit = Kit()
    kit.say_all("SECNUMBER+31600000001", "SECLIST=ON", "RING=SWITCH")
    assert kit.stored()["settings"]["RING"] == "SWITCH"
    kit.say_all("SECLIST=OFF")
    assert "RING" not in kit.stored()["settings"]


def test_the_call_that_was_taken_before_all_power_went_is_over():
    kit = Kit()
    kit.say_all("SECNUMBER" + OWNER, "SECLIST=ON", "RING=SWITCH")
    kit.device.ring.take(OWNER, kit.now)
    kit.commit()
    assert kit.stored()["calls"]["taken"] == [OWNER, 0]
    kit.restart()
    assert kit.stored()["calls"]["taken"] == [OWNER, 0]
    kit.power_cycle()
    assert kit.stored()["calls"]["taken"] == []
    for damaged in ([OWNER], [OWNER, "0"], [OWNER, 0, 0]):
        kit.device.record["calls"]["taken"] = damaged
        kit.device.dirty = True
        kit.commit()
        kit.restart()
        assert kit.device.record["calls"]["taken"] == [], damaged
