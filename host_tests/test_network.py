# SPDX-License-Identifier: MIT
"""The message centre's codec and the message centre."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.bench.modem.sim_card import CAPACITY
from tools.bench.network import tpdu
from tools.bench.world.by_hand import ModemUser

WHEN = datetime(2026, 11, 20, 8, 0, 5, tzinfo=timezone(timedelta(hours=1)))


def submit(to: str, text: str, first: int = 0x01) -> bytes:
    """Return a whole SMS-SUBMIT without a service centre, built from its definition."""
    septets = tpdu.to_septets(text)
    body = tpdu.pack(septets)
    return b"\0" + bytes((first, 0)) + tpdu.encode_address(to) + bytes((0, 0, len(septets))) + body


def slots(user: ModemUser) -> list[int]:
    return sorted(user.world.sim.storage.slots)


# -- codec ------------------------------------------------------------------------------------


def test_submit_from_the_books() -> None:
    # "hellohello" to +46708251358, as the GSM literature prints it.
    pdu = bytes.fromhex("01000B916407281553F800000AE8329BFD4697D9EC37")
    message = tpdu.decode_submit(pdu)
    assert (message.to, message.text, message.part) == ("+46708251358", "hellohello", None)


def test_deliver_from_the_books() -> None:
    # "How are you?" from +31641600986, 26 August 2002, 19:37:41 (the zone of the print is -0).
    pdu = bytes.fromhex("040B911346610089F60000208062917314000CC8F71D14969741F977FD07")
    sender, rest = tpdu.decode_address(pdu[1:])
    assert sender == "+31641600986"
    stamp = tpdu.decode_time(rest[2:9])
    assert stamp == datetime(2002, 8, 26, 19, 37, 41, tzinfo=UTC)
    assert tpdu.from_septets(tpdu.unpack(rest[10:], rest[9])) == "How are you?"
    assert tpdu.encode_deliver(sender, "How are you?", stamp) == [pdu]
    # 29 March, 15:16:59, two hours east.
    zone = timezone(timedelta(hours=2))
    moment = datetime(2099, 3, 29, 15, 16, 59, tzinfo=zone)
    assert tpdu.decode_time(bytes.fromhex("99309251619580")) == moment


@pytest.mark.parametrize(
    "address", ["+358401234567", "0401234567", "040123456", "16400", "*100#", "Vodafone", "A", ""]
)
def test_an_address_is_read_back_as_it_was_written(address: str) -> None:
    encoded = tpdu.encode_address(address) + b"rest"
    assert tpdu.decode_address(encoded) == (address, b"rest")


@pytest.mark.parametrize("quarters", [0, 4, -4, 22, -38, 56])
def test_time_stamps_with_zone(quarters: int) -> None:
    moment = datetime(2026, 1, 5, 23, 59, 58, tzinfo=timezone(timedelta(minutes=15 * quarters)))
    back = tpdu.decode_time(tpdu.encode_time(moment))
    assert (back, back.utcoffset()) == (moment, moment.utcoffset())


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=tpdu.ALPHABET.replace("\x1b", "") + "€[]{}\\^~|", max_size=400))
def test_gsm_text_round_trip_in_parts(text: str) -> None:
    ucs2, parts = tpdu.split_text(text)
    assert not ucs2
    assert "".join(parts) == text
    most = 160 if len(parts) == 1 else 153
    assert all(len(tpdu.to_septets(part)) <= most for part in parts)
    for pdu in tpdu.encode_deliver("+358401", text, WHEN):
        # The user data of a DELIVER is that of a SUBMIT.
        _, rest = tpdu.decode_address(pdu[1:])
        first = 0x01 | pdu[0] & 0x40
        again = bytes((first, 0)) + tpdu.encode_address("+1") + rest[:2] + rest[9:]
        assert tpdu.decode_submit(again).text in parts


@settings(max_examples=200, deadline=None)
@given(st.text(min_size=1, max_size=200).filter(lambda t: t.isprintable()))
def test_ucs2_never_splits_a_pair(text: str) -> None:
    text += "Ж😀"
    ucs2, parts = tpdu.split_text(text)
    assert ucs2
    assert "".join(parts) == text
    for part in parts:
        encoded = part.encode("utf-16-be")
        assert len(encoded) <= (140 if len(parts) == 1 else 134)


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=60))
def test_a_malformed_submit_raises_nothing_else(data: bytes) -> None:
    for pdu in (data, b"\x01" + data, b"\x41\x00\x0b\x91\x53\x48\x10\x32\x54\xf6" + data):
        with contextlib.suppress(tpdu.TpduError):
            tpdu.decode_submit(pdu)


# -- to the device ----------------------------------------------------------------------------


def test_a_message_arrives_in_a_second_or_two_with_cmti() -> None:
    user = ModemUser()
    start = user.world.now
    user.world.network.deliver("+358401", "ON")
    assert user.world.run_until(lambda: bool(user.chip.chunks), 5000)
    assert 1000 <= user.world.now - start <= 2000
    assert user.lines() == ['+CMTI: "SM",1']


def test_messages_of_one_sender_count_their_stamps_up() -> None:
    user = ModemUser()
    for sender in ("+1", "+1", "+1", "+2"):
        user.world.network.deliver(sender, "ON")
    user.world.run_for(10_000)
    stored = [message.pdu for _, message in user.world.sim.storage.items()]
    stamps = [tpdu.decode_time(pdu[-10:-3]) for pdu in stored]
    assert stamps[1] - stamps[0] == stamps[2] - stamps[1] == timedelta(seconds=1)
    assert stamps[3] == stamps[0]


def test_again_is_the_same_to_the_bit() -> None:
    user = ModemUser()
    network = user.world.network
    with pytest.raises(ValueError):
        network.deliver("+1", "ON", again=True)
    network.deliver("+1", "ON")
    network.deliver("+1", "OFF")
    network.deliver("+1", "ON", again=True)
    user.world.run_for(10_000)
    first, second, third = (m.pdu for _, m in user.world.sim.storage.items())
    assert first == third != second


def test_a_stamp_can_be_given() -> None:
    user = ModemUser()
    user.world.network.deliver("Vodafone", "Hi", scts=WHEN)
    user.world.run_for(3000)
    pdu = user.world.sim.storage.slots[1].pdu
    assert tpdu.encode_time(WHEN) in pdu


def test_a_full_sim_keeps_messages_in_the_network_until_there_is_room() -> None:
    user = ModemUser()
    world = user.world
    world.sim.fill()
    world.network.deliver("+1", "one")
    world.network.deliver("+1", "two")
    assert user.wait(20_000) == []
    assert world.network.waiting == 2
    user.command("AT+CMGD=7")
    assert user.wait(5000) == ['+CMTI: "SM",7']
    assert world.network.waiting == 1
    user.command("AT+CMGD=1,4")
    assert user.wait(5000) == ['+CMTI: "SM",1']
    assert slots(user) == [1]
    assert world.sim.storage.capacity == CAPACITY


def test_messages_wait_for_the_network() -> None:
    user = ModemUser()
    user.command("AT+CREG=1")
    world = user.world
    world.network.lose()
    world.network.deliver("+1", "ON")
    assert user.wait(60_000) == ["+CREG: 2"]
    world.network.restore()
    assert user.wait(10_000) == ["+CREG: 1", '+CMTI: "SM",1']


def test_a_loss_that_the_modem_does_not_notice_delays_a_message_little() -> None:
    user = ModemUser()
    user.world.network.deliver("+1", "ON")
    user.world.run_for(1000)
    user.world.network.lose()
    user.world.run_for(1000)
    user.world.network.restore()
    assert user.wait(3000) == ['+CMTI: "SM",1']


def test_a_deaf_modem_hears_again_after_ath() -> None:
    user = ModemUser()
    user.world.modem.go_deaf()
    user.world.network.deliver("+1", "ON")
    assert user.wait(60_000) == []
    assert not user.world.online
    user.command("ATH")
    assert user.wait(5000) == ['+CMTI: "SM",1']


def test_long_message_comes_in_parts() -> None:
    user = ModemUser()
    user.world.network.deliver("+1", "x" * 400)
    user.world.run_for(10_000)
    assert slots(user) == [1, 2, 3]


def test_an_mms_push_is_announced_as_one() -> None:
    user = ModemUser()
    user.world.network.deliver_pdu(b"\0\x04\0\x80\0\x04" + bytes(8), ',"MMS PUSH"')
    assert user.wait(3000) == ['+CMTI: "SM",1,"MMS PUSH"']


# -- from the device --------------------------------------------------------------------------


def test_a_message_reaches_the_phone() -> None:
    user = ModemUser()
    answer = user.send_pdu(submit("+358407", "Power socket ON"))
    assert answer == ["+CMGS: 1", "OK"]
    user.world.run_for(2000)
    (message,) = user.world.network.messages
    assert (message.to, message.text) == ("+358407", "Power socket ON")


def test_parts_are_joined_whatever_their_order() -> None:
    user = ModemUser()
    pieces = {1: "one ", 2: "two ", 3: "three"}
    for number in (3, 1, 2):
        septets = tpdu.to_septets(pieces[number])
        body = bytes((6, 8, 4, 1, 2, 3, number)) + tpdu.pack(septets, 0)
        pdu = b"\0\x41\0" + tpdu.encode_address("+9") + bytes((0, 0, 8 + len(septets))) + body
        assert user.send_pdu(pdu)[-1] == "OK"
    user.world.run_for(2000)
    assert [m.text for m in user.world.network.messages] == ["one two three"]


def test_a_refusal_carries_its_code_and_nothing_arrives() -> None:
    user = ModemUser()
    user.world.network.refusals.append(38)
    assert user.send_pdu(submit("+1", "x")) == ["+CMS ERROR: 38"]
    user.world.run_for(5000)
    assert user.world.network.messages == []


def test_a_status_report_comes_if_it_was_asked_for() -> None:
    user = ModemUser()
    user.command("AT+CNMI=2,1,0,1,0")
    user.send_pdu(submit("+1", "x", first=0x21))
    head, body = user.wait(5000)
    assert head == f"+CDS: {len(body) // 2 - 1 - int(body[:2], 16)}"
    assert bytes.fromhex(body)[8] & 3 == 2


def test_cut_off_while_sending_it_may_have_left() -> None:
    user = ModemUser()
    user.send(f"AT+CMGS={len(submit('+1', 'x')) - 1}\r")
    user.world.run_for(100)
    user.send(submit("+1", "x").hex() + "\x1a")
    user.world.run_for(2500)
    user.world.modem.restart()
    user.world.run_for(10_000)
    assert "+CMGS" not in user.take()
    assert len(user.world.network.messages) == 1
