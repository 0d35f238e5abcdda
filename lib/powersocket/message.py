"""What comes in: messages as they were received, and requests as features see them."""

from powersocket.texts import is_digits, plain_number

NUMBER = "number"  # kinds of senders
ALPHA = "alpha"
HIDDEN = "hidden"


class Message:
    """A text message.

    sender: address as the network gave it, "+358..", digits, letters or ""; kind: NUMBER, ALPHA
    or HIDDEN; text: str; id: the same for every copy of one message, different for two messages;
    stamp: service centre time stamp as (year, month, day, hour, minute, second, quarter hours
    from GMT), or None.
    """

    def __init__(self, sender, kind, text, id, stamp=None):
        self.sender = sender
        self.kind = kind
        self.text = text
        self.id = id
        self.stamp = stamp

    @property
    def number(self):
        """The sender's number in the form of the lists, "" if it has none."""
        return plain_number(self.sender) if self.kind == NUMBER else ""

    @property
    def answerable(self):
        """True if a reply can be sent at all."""
        return self.kind == NUMBER and is_digits(self.number)

    @property
    def callable(self):
        """True if the sender can be called back: a number that is no short code."""
        return self.answerable and len(self.number) >= 5


class Request:
    """A command that is allowed: what its feature gets to see of the message.

    argument: what follows the name; now: uptime in seconds; answered: the reply is sent whatever
    SMSCONFIRM says, which a handler may demand.
    """

    def __init__(self, message, command, argument, now):
        self.message = message
        self.command = command
        self.argument = argument
        self.now = now
        self.answered = command.answered
