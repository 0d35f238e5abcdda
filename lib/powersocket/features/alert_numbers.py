"""ALERTNUMBER (manual chapter 5.3)."""

from powersocket.feature import Feature
from powersocket.phonebook import NumberList


class AlertNumbers(Feature):
    """Who is told, in the order of the list.

    Chapters: ALERTNUMBER 5.3.
    """

    parameters = (NumberList("ALERTNUMBER"),)
