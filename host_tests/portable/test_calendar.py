# SPDX-License-Identifier: MIT
"""Dates as integers, on both VMs: also where a second no longer is a small integer."""

from powersocket import calendar

SMOKE = True

# (date, days since 2000-01-01, day of the week), from an almanac.
DAYS = (
    ((2000, 1, 1), 0, 6),
    ((2000, 2, 29), 59, 2),
    ((2000, 3, 1), 60, 3),
    ((2000, 12, 31), 365, 7),
    ((2001, 1, 1), 366, 1),
    ((2026, 1, 5), 9501, 1),
    ((2028, 2, 29), 10286, 2),
    ((2034, 1, 10), 12428, 2),
    ((2038, 1, 19), 13898, 2),
    ((2099, 12, 31), 36524, 4),
    ((2100, 2, 28), 36583, 7),
    ((2100, 3, 1), 36584, 1),
    ((1999, 12, 31), -1, 5),
)


def test_days():
    for date, count, weekday in DAYS:
        assert calendar.days(*date) == count, date
        assert calendar.date(count) == date, date
        assert calendar.weekday(count) == weekday, date


def test_every_day_follows_the_day_before():
    lengths = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    year, month, day = 2000, 1, 1
    for count in range(16000):
        assert calendar.date(count) == (year, month, day)
        assert calendar.days(year, month, day) == count
        day += 1
        if day > lengths[month - 1] + (month == 2 and year % 4 == 0):
            month, day = month + 1, 1
        if month > 12:
            year, month = year + 1, 1


def test_seconds():
    assert calendar.seconds(2000, 1, 1, 0, 0, 0) == 0
    assert calendar.seconds(2026, 1, 5, 12, 0, 0) == 820929600
    assert calendar.seconds(2034, 1, 9, 13, 37, 4) == 1 << 30
    assert calendar.seconds(2038, 1, 19, 3, 14, 8) == (1 << 31) - 946684800
    assert calendar.seconds(2028, 2, 29, 23, 59, 59) is not None


def test_what_is_no_date():
    for odd in (
        (2026, 0, 1, 0, 0, 0),
        (2026, 13, 1, 0, 0, 0),
        (2026, 1, 0, 0, 0, 0),
        (2026, 1, 32, 0, 0, 0),
        (2026, 4, 31, 0, 0, 0),
        (2026, 2, 29, 0, 0, 0),
        (2100, 2, 29, 0, 0, 0),
        (2026, 1, 1, 24, 0, 0),
        (2026, 1, 1, 0, 60, 0),
        (2026, 1, 1, 0, 0, 60),
    ):
        assert calendar.seconds(*odd) is None, odd


def test_text():
    assert calendar.text(0) == "00/01/01,00:00:00"
    assert calendar.text(820929600) == "26/01/05,12:00:00"
    assert calendar.text(calendar.seconds(2038, 1, 19, 3, 14, 8)) == "38/01/19,03:14:08"
    assert calendar.text(calendar.seconds(2099, 12, 31, 23, 59, 59)) == "99/12/31,23:59:59"


def test_zone_in_whole_hours_toward_zero():
    for quarters, shown in (
        (0, "+00"),
        (4, "+01"),
        (22, "+05"),
        (23, "+05"),
        (-4, "-01"),
        (-14, "-03"),
        (3, "+00"),
        (-3, "+00"),
        (56, "+14"),
        (-48, "-12"),
    ):
        assert calendar.zone_text(quarters) == shown, quarters


def test_parse():
    noon = calendar.seconds(2026, 1, 5, 12, 0, 0)
    for typed, quarters in (
        ("26/01/05,12:00:00+00", 0),
        ("26/01/05,12:00:00-00", 0),
        ("26/01/05,12:00:00+14", 56),
        ("26/01/05,12:00:00-12", -48),
        ("26/01/05 , 12:00:00+01", 4),
    ):
        assert calendar.parse(typed) == (noon, quarters), typed


def test_what_cannot_be_parsed():
    for odd in (
        "",
        ",",
        "26/01/05",
        "26/01/05,12:00:00",
        "26/01/05,12:00:00+",
        "26/01/05,12:00:00+1",
        "26/01/05,12:00:00+001",
        "26/01/05,12:00:00+15",
        "26/01/05,12:00:00-13",
        "26/01/05,12:00:00*01",
        "26/01/05,12:00:0001",
        "26/01/05,12:00+01",
        "26/01/05,12:00:00:00+01",
        "26/1/05,12:00:00+01",
        "2026/01/05,12:00:00+01",
        "26-01-05,12:00:00+01",
        "26/01/05;12:00:00+01",
        "26/02/29,12:00:00+01",
        "26/04/31,12:00:00+01",
        "26/01/05,24:00:00+01",
        "26/01/05,12:60:00+01",
        "26/01/05,12:00:60+01",
        "26/01/05,12:00:00+01x",
        "26/01/0\u0665,12:00:00+01",
    ):
        assert calendar.parse(odd) is None, odd
