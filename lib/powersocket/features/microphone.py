"""The microphone: CALLBACK, MICLEVEL, and its LED (manual 70x, chapter 10; spec chapter 5).

Every call that is answered, here or there, has it open; who holds the calls ends them after ten
minutes, and tells `calling` and `open` for the LED.
"""

from powersocket.commands import CTRL, PLAIN
from powersocket.feature import Feature
from powersocket.features.renewal import NO_SECURITY
from powersocket.parameters import Number, Refusal

CALLBACK = "callback"  # the mark of its errand
_RING = " 30"  # s that the sender is rung


class Microphone(Feature):
    """Calls whoever asks for it, who then hears the room.

    Chapters: MICLEVEL 10.
    """

    parameters = (Number("MICLEVEL", 15, 0, 15),)

    def commands(self):
        return ((PLAIN, "CALLBACK", CTRL, "call_back"),)

    def __init__(self, device):
        super().__init__(device)
        device.microphone = self
        self.calling = False
        self.open = False

    def call_back(self, request):
        """10 | no message: it calls the sender, or `No security setup!`"""
        if not self.device.guard.configured():
            raise Refusal(NO_SECURITY)
        message = request.message
        if message.answerable:
            self.device.errands.add("call", message.sender + _RING, CALLBACK)
