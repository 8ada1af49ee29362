"""How a run goes."""

from __future__ import annotations

from dataclasses import dataclass

from persian_mir.i18n import _, percent


@dataclass(frozen=True, slots=True)
class Course:
    """How it goes at a step: mean losses of a clip, of what is learnt from and of recordings kept apart.

    `codes`: cross entropy, all books together; `constant_q`: mean square error. `judged_codes`, and `judged_right`, the
    share of codes named rightly, are None between two judgements. `clips_s`: clips a second.
    """

    step: int
    of: int
    codes: float
    constant_q: float
    judged_codes: float | None
    judged_right: float | None
    clips_s: float

    @property
    def told(self) -> str:
        """The step in words."""
        text = _("step {step} of {of}: loss of the codes {codes:.3f}")
        parts = [text.format(step=self.step, of=self.of, codes=self.codes)]
        if self.judged_right is not None and self.judged_codes is not None:
            text = _("kept apart {codes:.3f}, {right} right")
            parts.append(text.format(codes=self.judged_codes, right=percent(self.judged_right)))
        return _(", ").join(parts)
