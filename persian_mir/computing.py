"""How backbones are computed: one value for the command line, the settings of the window, and batches."""

from __future__ import annotations

from typing import NamedTuple

from persian_mir.i18n import _

DEVICES = ("auto", "cpu", "cuda", "mps")
PRECISIONS = ("auto", "exact", "fast")
ENGINES = ("auto", "torch", "openvino")


class Computing(NamedTuple):
    """`device`: auto is the graphics card where there is one. `engine`: auto is OpenVINO on a CPU, if installed.

    `precision`: exact is float32, fast bfloat16 where this machine computes it rightly. auto is fast for a probe that
    was found to say the same in both here, see `persian_mir.probes.agreement`; else exact.
    """

    device: str = "auto"
    precision: str = "auto"
    engine: str = "auto"


AUTOMATIC = Computing()


def emulated() -> str:
    """What is told where bfloat16 was asked for and would be slower."""
    return _("This processor does not compute in bfloat16 itself, so exact is quicker here and is used.")
