# SPDX-License-Identifier: MIT
"""The calendar against CPython's datetime, for any moment of the two-digit years and beyond."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from powersocket import calendar

EPOCH = datetime(2000, 1, 1)
moments = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)).map(
    lambda moment: moment.replace(microsecond=0)
)


@given(moments)
def test_seconds_date_and_weekday(moment: datetime) -> None:
    fields = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
    local = calendar.seconds(*fields)
    assert local == (moment - EPOCH) // timedelta(seconds=1)
    count = local // calendar.DAY
    assert calendar.date(count) == fields[:3]
    assert calendar.weekday(count) == moment.isoweekday()
    assert calendar.text(local) == moment.strftime("%y/%m/%d,%H:%M:%S")


@given(st.datetimes(EPOCH, datetime(2099, 12, 31, 23, 59, 59)), st.integers(-12, 14))
def test_what_is_shown_is_parsed(moment: datetime, hours: int) -> None:
    moment = moment.replace(microsecond=0)
    local = (moment - EPOCH) // timedelta(seconds=1)
    shown = calendar.text(local) + calendar.zone_text(4 * hours)
    assert calendar.parse(shown) == (local, 4 * hours)


@given(st.tuples(*[st.integers(-1, high) for high in (2100, 13, 32, 24, 60, 60)]))
def test_no_other_dates_than_those_there_are(fields: tuple[int, ...]) -> None:
    year, *rest = fields
    try:
        expected = (datetime(max(year, 2000), *rest) - EPOCH) // timedelta(seconds=1)
    except ValueError:
        expected = None
    assert calendar.seconds(max(year, 2000), *rest) == expected


@given(st.text(alphabet="0123456789/:,+- ", max_size=24))
def test_any_text_is_parsed_or_refused(typed: str) -> None:
    parsed = calendar.parse(typed)
    if parsed is not None:
        shown = calendar.text(parsed[0]) + calendar.zone_text(parsed[1])
        assert shown.replace("+00", "-00") == typed.replace(" ", "").replace("+00", "-00")
