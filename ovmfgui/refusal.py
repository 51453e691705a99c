"""The one exception that a person gets to see."""


class Refused(Exception):
    """What was asked for cannot be done; nothing has been changed.

    The message is one line for a person: what, where, and what to do about it. Commands print it
    on stderr and exit with status 2; the window shows it as it is. Damaged *bytes* are never a
    refusal: parsers report them as findings.
    """
