"""What every command line of the program shares: how it is begun, and how the values of its options are read.

A function that reads a value raises ArgumentTypeError, with what can be typed; argparse names the option.
"""

from __future__ import annotations

import argparse
import math

from persian_mir import __version__
from persian_mir.commands.argparse_texts import translate_argparse
from persian_mir.i18n import _, quoted
from persian_mir.times import parse_number, parse_seconds

MOST = 2**31 - 1  # of a number that a database keeps


def command_line(prog: str, description: str) -> argparse.ArgumentParser:
    """Begin a command line, which speaks the user's language."""
    translate_argparse()
    parser = argparse.ArgumentParser(prog=prog, description=description)
    about = _("show program's version number and exit")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}", help=about)
    return parser


def seconds(text: str) -> float:
    """A time or a length."""
    try:
        return parse_seconds(text)
    except ValueError as error:
        told = _("{text} is no time: write 65.5, 1:05 or 0:01:05.5.").format(text=quoted(text))
        raise argparse.ArgumentTypeError(told) from error


def seconds_between(text: str, least: float, most: float) -> float:
    """A length within bounds."""
    return _bounded(seconds(text), least, most)


def number(text: str, least: float, most: float) -> float:
    """A number within bounds."""
    try:
        value = parse_number(text)
    except ValueError:
        value = math.nan
    return _bounded(value, least, most)


def whole_number(text: str, least: int, most: int) -> int:
    """A whole number within bounds."""
    try:
        value = int(text)
    except ValueError:
        value = least - 1
    if not least <= value <= most:
        told = _("a whole number from {least} to {most}").format(least=least, most=most)
        raise argparse.ArgumentTypeError(told)
    return value


def count(text: str) -> int:
    """How many, from one on."""
    return whole_number(text, 1, MOST)


def integer(text: str) -> int:
    """A whole number, also one below zero."""
    return whole_number(text, -MOST, MOST)


def _bounded(value: float, least: float, most: float) -> float:
    if not least <= value <= most:
        raise argparse.ArgumentTypeError(_("a number from {least:g} to {most:g}").format(least=least, most=most))
    return value
