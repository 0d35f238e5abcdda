# SPDX-License-Identifier: MIT
"""The SMS codec against other people's: smspdudecoder, python-gsmmodem-new, the bench's own.

Property tests draw only what an oracle reads as 3GPP 23.038 and 23.040 say. Each test at the end
holds one thing that an oracle reads otherwise, with the clause that decides; if a newer version of
the oracle mends it, that test fails and the exception to the property can go.
"""

from __future__ import annotations

import warnings
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sim800 import reports, sms
from sim800.alphabets import (
    GSM7,
    OCTETS,
    alphabet,
    decode_gsm7,
    decode_ucs2,
    encode_ucs2,
    pack,
)
from sim800.concat import Reassembler
from sim800.sms import PduError

from tools.bench.network import tpdu as bench

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of the oracles: escapes that are none
    from gsmmodem.pdu import decodeSmsPdu
    from smspdudecoder.easy import read_incoming_sms, read_outgoing_sms

ALPHABET = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = dict(zip("\f^{}\\[~]|€", (10, 20, 40, 41, 47, 60, 61, 62, 64, 101), strict=True))
LETTERS = ALPHABET.replace("\x1b", "")

patient = settings(deadline=None)  # a busy machine is no failure

digits = st.text("0123456789", min_size=1, max_size=20)
numbers = st.builds(lambda plus, number: plus + number, st.sampled_from(("", "+")), digits)
gsm_texts = st.text(LETTERS + "".join(EXTENSION), max_size=400)
# Either alphabet, surrogates in pairs only, mixed as people do.
characters = st.one_of(
    st.sampled_from(LETTERS),
    st.sampled_from("Привет😀🇫🇮’çё"),
    st.characters(exclude_categories=["Cs"]),
)
texts = st.one_of(gsm_texts, st.text(characters, max_size=200))
zones = st.integers(-56, 56)
moments = st.builds(
    lambda moment, zone: moment.replace(tzinfo=timezone(timedelta(minutes=15 * zone))),
    st.datetimes(datetime(2000, 1, 2), datetime(2099, 12, 30), allow_imaginary=False).map(
        lambda moment: moment.replace(microsecond=0)
    ),
    zones,
)


# -- a builder of SMS-DELIVERs, from strings of bits -------------------------------------------


def septets(text: str) -> list[int]:
    """Return the septets of a text."""
    out: list[int] = []
    for char in text:
        out += [0x1B, EXTENSION[char]] if char in EXTENSION else [ALPHABET.index(char)]
    return out


def packed(codes: list[int], fill: int = 0) -> bytes:
    """Return septets packed, as the tables of 23.038, 6.1.2.1 draw them: read from the right."""
    bits = "".join(f"{code:07b}" for code in reversed(codes)) + "0" * fill
    bits = bits.rjust(-(-len(bits) // 8) * 8, "0")
    return bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))[::-1]


def swapped(figures: str) -> str:
    """Return figures in pairs turned round, with a filler."""
    figures += "F" * (len(figures) % 2)
    return "".join(b + a for a, b in zip(figures[::2], figures[1::2], strict=True))


def stamp(moment: datetime) -> str:
    """Return a time stamp."""
    offset = moment.utcoffset()
    assert offset is not None
    quarters = offset // timedelta(minutes=15)
    field = swapped(moment.strftime("%y%m%d%H%M%S") + f"{abs(quarters):02d}")
    return field if quarters >= 0 else field[:-1] + f"{int(field[-1], 16) | 8:X}"


def address(sender: str) -> str:
    """Return the address field of a number."""
    number = sender.removeprefix("+")
    return f"{len(number):02X}{'91' if sender[0] == '+' else '81'}{swapped(number)}"


def letters_address(sender: str) -> str:
    """Return the address field of letters."""
    codes = septets(sender)
    return f"{-(-len(codes) * 7 // 4):02X}D0{packed(codes).hex()}"


def user_data(text: str, dcs: int, header: bytes = b"") -> str:
    """Return the length and the user data of a text."""
    if alphabet(dcs) == GSM7:
        codes = septets(text)
        lead = -(-len(header) * 8 // 7)
        body = packed(codes, lead * 7 - len(header) * 8)
        return f"{lead + len(codes):02X}" + (header + body).hex()
    body = header + text.encode("utf-16-be")
    return f"{len(body):02X}" + body.hex()


def deliver(
    text: str,
    dcs: int = 0,
    sender: str = "+358401234567",
    moment: datetime = datetime(2026, 1, 12, tzinfo=UTC),
    header: bytes = b"",
    field: str | None = None,
) -> str:
    """Return an SMS-DELIVER in hex, with a service centre."""
    return (
        "07915348230000F5"
        + ("44" if header else "04")
        + (address(sender) if field is None else field)
        + f"00{dcs:02X}"
        + stamp(moment)
        + user_data(text, dcs, header)
    ).upper()


def moment_of(scts: tuple[int, ...]) -> datetime:
    """Return a time stamp of ours as a moment."""
    return datetime(*scts[:6], tzinfo=timezone(timedelta(minutes=15 * scts[6])))  # type: ignore[misc, arg-type]


def fits(text: str, dcs: int, header: bytes = b"") -> bool:
    """Return True if a text goes into one message."""
    return len(user_data(text, dcs, header)) <= 2 * 141 and (
        alphabet(dcs) != GSM7 or int(user_data(text, dcs, header)[:2], 16) <= 160
    )


def shortened(text: str, dcs: int, header: bytes = b"") -> str:
    """Return as much of a text as goes into one message."""
    while not fits(text, dcs, header):
        text = text[: min(len(text) - 1, 160)]
    return text


# -- what we read ------------------------------------------------------------------------------

headers = st.one_of(
    st.just(b""),
    st.builds(
        lambda ref, total: bytes((5, 0, 3, ref, total, total)),
        st.integers(0, 255),
        st.integers(1, 255),
    ),
    st.builds(
        lambda ref, total: bytes((6, 8, 4, ref >> 8, ref & 255, total, 1)),
        st.integers(0, 65535),
        st.integers(1, 255),
    ),
    st.binary(max_size=20).map(lambda data: bytes((len(data) + 2, 0x70, len(data))) + data),
)


@patient
@given(gsm_texts, numbers, moments, headers)
def test_we_read_gsm_7_bit(text: str, sender: str, moment: datetime, header: bytes) -> None:
    text = shortened(text, 0, header)
    entry = sms.decode(deliver(text, 0, sender, moment, header))
    assert (entry.text, entry.sender, entry.kind) == (text, sender, sms.NUMBER)
    assert moment_of(entry.scts) == moment
    assert entry.scts[6] * timedelta(minutes=15) == moment.utcoffset()
    if header[1:2] == b"\0":
        assert entry.concat == (header[3], header[4], header[4])
    elif header[1:2] == b"\x08":
        assert entry.concat == (sms.WIDE + int.from_bytes(header[3:5]), header[5], 1)
    else:
        assert entry.concat is None


@patient
@given(st.text(characters, max_size=70), headers, st.sampled_from((0x08, 0x18, 0x48, 0xE0, 0xEB)))
def test_we_read_ucs2(text: str, header: bytes, dcs: int) -> None:
    text = shortened(text, dcs, header)
    assert sms.decode(deliver(text, dcs, header=header)).text == text


@patient
@given(st.text(LETTERS, min_size=1, max_size=11))
def test_we_read_a_sender_of_letters(sender: str) -> None:
    entry = sms.decode(deliver("ON", field=letters_address(sender)))
    assert (entry.sender, entry.kind, entry.text) == (sender, sms.ALPHA, "ON")


@patient
@given(st.binary(max_size=140), st.sampled_from((0x04, 0x14, 0x20, 0x28, 0x64, 0xF4, 0xF7)))
def test_we_keep_data_as_it_is(data: bytes, dcs: int) -> None:
    assert alphabet(dcs) == OCTETS
    entry = sms.decode(deliver("", dcs)[:-2] + f"{len(data):02X}" + data.hex())
    assert (entry.text, entry.data) == (None, data)


@patient
@given(st.integers(0, 255), numbers, moments, moments, st.integers(0, 255))
def test_we_read_a_status_report(
    mr: int, to: str, moment: datetime, done: datetime, status: int
) -> None:
    tpdu = f"06{mr:02X}{address(to)}{stamp(moment)}{stamp(done)}{status:02X}"
    report = reports.decode("00" + tpdu)
    assert (report.mr, report.recipient, report.status) == (mr, to, status)
    assert (moment_of(report.scts), moment_of(report.discharge)) == (moment, done)
    assert report == reports.decode(
        "00" + bench.encode_status_report(mr, to, moment, done, status).hex()
    )
    theirs = decodeSmsPdu("00" + tpdu)
    assert (theirs["reference"], theirs["number"], theirs["status"]) == (mr, to, status)


# -- the oracles read the same -----------------------------------------------------------------

# What both read rightly: see the exceptions at the end.
plain = st.text(LETTERS.replace("@", "").replace("§", ""), max_size=160)


@patient
@given(plain, numbers, moments)
def test_smspdudecoder_reads_the_same(text: str, sender: str, moment: datetime) -> None:
    line = deliver(text, 0, sender, moment)
    ours, theirs = sms.decode(line), read_incoming_sms(line)
    assert (ours.text, ours.sender) == (theirs["content"], theirs["sender"])
    assert moment_of(ours.scts) == theirs["date"]


@patient
@given(st.text(characters, min_size=1, max_size=60), headers)
def test_smspdudecoder_reads_the_same_ucs2(text: str, header: bytes) -> None:
    text = shortened(text, 8, header)
    line = deliver(text, 8, header=header)
    ours, theirs = sms.decode(line), read_incoming_sms(line)
    assert ours.text == theirs["content"]
    if ours.concat is None:
        assert theirs["partial"] is False
    else:
        reference, total, number = ours.concat
        assert theirs["partial"]["reference"] == f"{reference % sms.WIDE}-{total}"
        assert (theirs["partial"]["parts_count"], theirs["partial"]["part_number"]) == (
            total,
            number,
        )


@patient
@given(plain, numbers, moments.filter(lambda moment: moment.year < 2068))
def test_gsmmodem_reads_the_same(text: str, sender: str, moment: datetime) -> None:
    line = deliver(text, 0, sender, moment)
    ours, theirs = sms.decode(line), decodeSmsPdu(line)
    assert (ours.text, ours.sender) == (theirs["text"], theirs["number"])
    assert moment_of(ours.scts) == theirs["time"]


# -- what we send ------------------------------------------------------------------------------


def sent(number: str, text: str, reference: int) -> list[bench.Submit]:
    """Return our SMS-SUBMITs as the bench's message centre reads them."""
    out = []
    for length, line in sms.encode_submit(number, text, reference):
        octets = bytes.fromhex(line)
        assert octets[0] == 0 and length == len(octets) - 1 and line == line.upper()
        out.append(bench.decode_submit(octets[1:]))
    return out


@patient
@given(texts, numbers, st.integers(0, 255))
def test_the_bench_reads_what_we_send(text: str, number: str, reference: int) -> None:
    parts = sent(number, text, reference)
    assert "".join(part.text for part in parts) == text
    assert {part.to for part in parts} == {number}
    assert {part.dcs for part in parts} == {0 if set(text) <= set(LETTERS) | set(EXTENSION) else 8}
    if len(parts) > 1:
        for i, part in enumerate(parts, 1):
            assert part.part == bench.Part(reference, len(parts), i)
        # No part has room for the first character of the next one.
        for part, after in pairwise(parts):
            room = 153 if part.dcs == 0 else 67
            assert bench_size(part.text + after.text[0], part.dcs) > room
    else:
        assert parts[0].part is None


def bench_size(text: str, dcs: int) -> int:
    return len(septets(text)) if dcs == 0 else len(text.encode("utf-16-be")) // 2


@patient
@given(texts.map(lambda text: text.replace("§", "")).filter(bool), numbers)
@example("x" * 307, "+358401234567")
@example("😀" * 80, "12345")
def test_gsmmodem_reads_what_we_send(text: str, number: str) -> None:
    text = text.replace("\f", "").replace("@", "")
    parts = [decodeSmsPdu(line) for _, line in sms.encode_submit(number, text, 99)]
    joined = "".join(part["text"] for part in parts)
    # It leaves surrogate pairs as two characters.
    joined = joined.encode("utf-16-be", "surrogatepass").decode("utf-16-be")
    assert (parts[0]["type"], parts[0]["number"], joined) == ("SMS-SUBMIT", number, text)
    if len(parts) > 1:
        for i, part in enumerate(parts, 1):
            element = part["udh"][0]
            assert (element.reference, element.parts, element.number) == (99, len(parts), i)


@patient
@given(st.one_of(plain, st.text(characters, min_size=1, max_size=35)), numbers)
def test_smspdudecoder_reads_what_we_send(text: str, number: str) -> None:
    text = "".join(char for char in text if char not in EXTENSION and char != "@")
    ((_, line),) = sms.encode_submit(number, text, 0)
    assert read_outgoing_sms(line) == {"recipient": number, "content": text}


@patient
@given(st.text(max_size=30), numbers)
def test_anything_is_sent_as_something(text: str, number: str) -> None:
    wanted = text.encode("utf-16-be", "surrogatepass").decode("utf-16-be", "replace")
    if all(not 0xD800 <= ord(char) < 0xE000 for char in text):
        assert "".join(part.text for part in sent(number, text, 0)) == wanted == text
    else:
        replaced = "".join("�" if 0xD800 <= ord(char) < 0xE000 else char for char in text)
        assert "".join(part.text for part in sent(number, text, 0)) == replaced


@patient
@given(st.text(max_size=25))
def test_what_is_no_number_is_refused(number: str) -> None:
    figures = number.removeprefix("+")
    good = 1 <= len(figures) <= 20 and set(figures) <= set("0123456789*#abc")
    try:
        ((_, line),) = sms.encode_submit(number, "ON", 0)
    except PduError:
        assert not good
    else:
        assert good and bench.decode_submit(bytes.fromhex(line)[1:]).to == number


# -- parts -------------------------------------------------------------------------------------


@patient
@given(
    st.text(LETTERS + "".join(EXTENSION) + "Ж😀", min_size=161, max_size=400),
    st.randoms(use_true_random=False),
)
def test_parts_of_the_bench_in_any_order_and_doubled(text: str, random: object) -> None:
    moment = datetime(2026, 1, 12, tzinfo=UTC)
    lines = ["00" + part.hex() for part in bench.encode_deliver("+12", text, moment, 5)]
    order = [*range(len(lines)), random.randrange(len(lines))]  # type: ignore[attr-defined]
    random.shuffle(order)  # type: ignore[attr-defined]
    parts = Reassembler(limit_parts=20)
    taken: list[int] = []
    whole = []
    for slot, i in enumerate(order):
        result = parts.add(sms.decode(lines[i]), slot, slot)
        if result is not None:
            whole.append(result[0].text)
            taken += result[1]
    assert whole == [text]
    # Nothing stays on the SIM: the copy is given out at once or after an hour.
    assert sorted(taken + parts.expired(10_000)) == list(range(len(order)))


@patient
@given(
    st.lists(
        st.tuples(
            st.integers(0, 3),
            st.integers(1, 5),
            st.integers(1, 5),
            st.integers(0, 9),
            st.booleans(),
        ),
        max_size=60,
    )
)
def test_a_reassembler_is_bounded_and_loses_no_slot(steps: list[tuple]) -> None:
    parts = Reassembler(limit_parts=6)
    sim: dict[int, object] = {}
    for free, (reference, total, number, text, sweep) in enumerate(steps):
        line = deliver(str(text), header=bytes((5, 0, 3, reference, total, min(number, total))))
        sim[free] = sms.decode(line)
        added = parts.add(sim[free], free, 0)
        for slot in (added[1] if added else []) + (parts.expired(0) if sweep else []):
            del sim[slot]  # KeyError: it gave out a slot twice
    for slot in parts.expired(0):
        del sim[slot]
    assert len(sim) <= 6
    for slot in parts.expired(3600):
        del sim[slot]
    assert sim == {}


# -- rubbish -----------------------------------------------------------------------------------


def read(line: str) -> object:
    """Return what `decode` makes of it, None for PduError; anything else is a failure."""
    try:
        return sms.decode(line)
    except PduError:
        return None


@patient
@given(st.binary(max_size=200))
def test_any_octets_are_read_or_refused(octets: bytes) -> None:
    read(octets.hex())


@patient
@given(st.binary(max_size=190), st.sampled_from((0x00, 0x04, 0x40, 0x44, 0x03, 0x06, 0x46)))
def test_any_octets_behind_a_type_are_read_or_refused(octets: bytes, first: int) -> None:
    read(f"00{first:02X}" + octets.hex())


@patient
@given(
    st.sampled_from((0x04, 0x44)),
    st.integers(0, 255),
    st.integers(0, 255),
    st.binary(max_size=170),
)
def test_user_data_is_a_text_or_octets_as_its_scheme_says(
    first: int, dcs: int, length: int, data: bytes
) -> None:
    entry = read(f"00{first:02X}0391214300{dcs:02X}62102161514380{length:02X}" + data.hex())
    if entry is not None:
        assert isinstance(entry, sms.Deliver)
        assert (entry.text is None) == (alphabet(dcs) == OCTETS)
        assert entry.text is None or (entry.text.encode() is not None and entry.data == b"")
        assert entry.concat is None or 1 <= entry.concat[2] <= entry.concat[1] <= 255


@patient
@given(st.text(max_size=100))
def test_any_line_is_read_or_refused(line: str) -> None:
    read(line)


@patient
@given(gsm_texts, headers, st.data())
def test_a_damaged_message_is_read_or_refused(
    text: str, header: bytes, data: st.DataObject
) -> None:
    line = deliver(shortened(text, 0, header), header=header)
    at = data.draw(st.integers(0, len(line)))
    cut = data.draw(st.integers(at, len(line)))
    read(line[:at] + data.draw(st.text("0123456789ABCDEF", max_size=6)) + line[cut:])
    assert read(line[:at]) is None or at == len(line)


@patient
@given(st.binary(max_size=141))
def test_half_a_pair_becomes_one_replacement_character(octets: bytes) -> None:
    even = octets[: len(octets) // 2 * 2]
    text = decode_ucs2(octets, 0, len(octets))
    # Python's own "replace" eats the unit behind a high surrogate; Unicode leaves that open.
    units = [int.from_bytes(even[i : i + 2]) for i in range(0, len(even), 2)]
    exact = "".join(map(chr, units)).encode("utf-16-be", "surrogatepass")
    wanted = exact.decode("utf-16-be", "surrogatepass")
    assert text == "".join("�" if 0xD800 <= ord(c) < 0xE000 else c for c in wanted)
    assert encode_ucs2(text).decode("utf-16-be") == text


@patient
@given(st.lists(st.integers(0, 127), max_size=160), st.integers(0, 6))
def test_packing_is_what_the_tables_draw(codes: list[int], fill: int) -> None:
    octets = pack(codes, 0, len(codes), fill)
    assert octets == packed(codes, fill)
    assert decode_gsm7(octets, fill, len(codes)) == bench.from_septets(codes) + (
        " " if dangling(codes) else ""
    )


def dangling(codes: list[int]) -> bool:
    """Return True if the last septet is an escape with nothing behind it."""
    count = 0
    while count < len(codes) and codes[-1 - count] == 0x1B:
        count += 1
    return count % 2 == 1


# -- where an oracle differs, 3GPP decides -----------------------------------------------------


def test_gsmmodem_has_a_grave_accent_for_the_section_sign() -> None:
    line = deliver("§")  # 23.038, 6.2.1: 0x5F
    assert (sms.decode(line).text, decodeSmsPdu(line)["text"]) == ("§", "`")


def test_gsmmodem_has_no_form_feed() -> None:
    line = deliver("a\fb")  # 23.038, 6.2.1.1: 0x1B 0x0A
    assert sms.decode(line).text == "a\fb" != decodeSmsPdu(line)["text"]


def test_gsmmodem_drops_an_at_sign_at_the_end() -> None:
    line = deliver("1234567@")  # 23.040, 9.2.3.16: the length counts it
    assert (sms.decode(line).text, decodeSmsPdu(line)["text"]) == ("1234567@", "1234567")


def test_smspdudecoder_adds_an_at_sign() -> None:
    # 23.040, 9.2.3.16: the length counts septets; it cuts characters after it has read the fill
    # bits, and an escape sequence is one character of two septets.
    line = deliver("[abcdef")
    assert sms.decode(line).text == "[abcdef"
    assert read_incoming_sms(line)["content"] == "[abcdef"
    line = deliver("[abcde")
    assert sms.decode(line).text == "[abcde"
    assert read_incoming_sms(line)["content"] == "[abcde@"


def test_an_escape_before_what_the_extension_lacks() -> None:
    # 23.038, 6.2.1.1: the character of the main table.
    line = deliver("").removesuffix("00") + "03" + packed([0x41, 0x1B, 0x42]).hex()
    assert sms.decode(line).text == "AB"
    assert read_incoming_sms(line)["content"] == "A "
    assert decodeSmsPdu(line)["text"] == "A"


def test_a_header_of_seven_octets_before_septets() -> None:
    # 23.040, 9.2.3.24: no fill bits are needed behind 56 bits.
    line = deliver("abc", header=bytes((6, 8, 4, 1, 2, 2, 1)))
    assert sms.decode(line).text == "abc"
    assert decodeSmsPdu(line)["text"] != "abc"


def test_a_header_that_looks_like_an_escape() -> None:
    # 23.040, 9.2.3.24: the header is octets; smspdudecoder reads it as septets before it cuts.
    line = deliver("abc", header=bytes((5, 0, 3, 0xB0, 9, 1)))
    assert sms.decode(line).text == "abc"
    assert read_incoming_sms(line)["content"] != "abc"


@pytest.mark.parametrize("letters", ["1234567", "AB12345"])
def test_letters_whose_last_octet_is_half_empty(letters: str) -> None:
    # 23.040, 9.1.2.5: the length counts the semi-octets that are used.
    line = deliver("ON", field=letters_address(letters))
    assert sms.decode(line).sender == letters
    assert read_incoming_sms(line)["sender"] == letters + "@"


def test_star_and_hash_in_a_number() -> None:
    # 23.040, 9.1.2.3: 1010 is `*`, 1011 `#`.
    line = deliver("ON", field="05811A00FB")
    assert sms.decode(line).sender == "*100#"
    assert read_incoming_sms(line)["sender"].upper() == "A100B"
    assert decodeSmsPdu(line)["number"] == "a100b"


@pytest.mark.parametrize(
    ("dcs", "text"), [(0xE0, "Ж"), (0x48, "Ж"), (0xC8, "ON"), (0xF8, "ON"), (0x8C, "ON")]
)
def test_we_go_by_the_coding_group(dcs: int, text: str) -> None:
    # 23.038, 4: the group decides what the other bits mean.
    assert sms.decode(deliver(text, dcs)).text == text


def test_neither_oracle_looks_at_the_coding_group() -> None:
    assert read_incoming_sms(deliver("Ж", 0xE0))["content"] != "Ж"
    assert read_incoming_sms(deliver("ON", 0xC8))["content"] != "ON"
    assert decodeSmsPdu(deliver("Ж", 0x48))["text"] != "Ж"
    assert decodeSmsPdu(deliver("Ж", 0xE0))["text"] != "Ж"


def test_gsmmodem_leaves_surrogate_pairs_apart() -> None:
    # 23.038, 6.2.3 names UCS2; what phones send is UTF-16.
    line = deliver("😀", 8)
    assert sms.decode(line).text == "😀"
    assert decodeSmsPdu(line)["text"] == "\ud83d\ude00"


def test_smspdudecoder_fails_on_half_a_pair() -> None:
    line = deliver("", 8).removesuffix("00") + "02D83D"
    assert sms.decode(line).text == "�"
    with pytest.raises(UnicodeDecodeError):
        read_incoming_sms(line)


def test_a_year_is_of_this_century() -> None:
    # 23.040, 9.2.3.11 gives two figures; the service is younger than 2000.
    line = deliver("ON", moment=datetime(2070, 1, 1, tzinfo=UTC))
    assert sms.decode(line).scts[0] == 2070
    assert decodeSmsPdu(line)["time"].year == 1970
