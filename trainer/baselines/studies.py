"""What was published of each system, as data: its figure, on what, how parted, and whether that leaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from persian_mir.i18n import _

Words = Callable[[str], str]  # from the English of the source; `str` leaves it


@dataclass(frozen=True, slots=True)
class Study:
    """`name`: in English, as it is kept with what it says. `published`: the figure, empty where none could be read.

    `data`, `split`: what it was measured on. `leaks`: whether what was learnt from is in what it was judged by, None
    where that is not known; `leak` says why. `source`: where it is published; empty for a reference of ours.
    """

    id: str
    name: str
    task: str
    published: str
    data: str
    split: str
    leaks: bool | None
    leak: str
    source: str

    @property
    def title(self) -> str:
        """What a lane is called, in the language of the user."""
        if self.name.startswith("after "):
            return _("after {author}").format(author=self.name.removeprefix("after "))
        ours = {
            "templates": _("Notation templates"),
            "class-mean": _("Nearest class mean"),
            "nava2019": _("our reconstruction of Nava 2019"),
        }
        return ours.get(self.id, self.name)


def studies(_: Words = _) -> tuple[Study, ...]:
    """All twelve, those that run here and those that do not yet, in the language of the user or as `_` says."""
    return (*_references(_), *_pitch_studies(_), *_sound_studies(_), *_neural_studies(_))


def study(name: str, _: Words = _) -> Study:
    """The one of that id. Raises KeyError."""
    return {one.id: one for one in studies(_)}[name]


def _references(_: Words) -> tuple[Study, ...]:
    learns_nothing = _("It learns nothing, so nothing can leak.")
    ours = _("A reference of this program; nobody published it.")
    return (
        Study("templates", "Notation templates", "dastgah", "", "", "", False, f"{learns_nothing} {ours}", ""),
        Study("class-mean", "Nearest class mean", "dastgah", "", "", "", False, ours, ""),
    )


def _pitch_studies(_: Words) -> tuple[Study, ...]:
    tar = _("250 tar solos of one player, 5 Dastgahs")
    santur = _("santur, 100 minutes, 3 to 12 modes")
    return (
        Study(
            "abdoli", "after Abdoli", "dastgah", "85 %", _("210 pieces, 5 of 7 Dastgahs"), _("none"), False,
            _("It learns nothing, so nothing can leak; but the set is small."),
            "S. Abdoli, Iranian Traditional Music Dastgah Classification, ISMIR 2011",
        ),
        Study(
            "heydarian", "after Heydarian", "mode", _("about 90 % (as cited)"), santur, _("not readable"), None,
            _("One instrument, and pitch as it sounds: what is learnt is its tuning."),
            "P. Heydarian, thesis and poster on Persian modes (docslib 8237803)",
        ),
        Study(
            "geravanchizadeh", "after Geravanchizadeh", "dastgah", "", tar, _("not readable"), True,
            _("The same player and the same instrument are learnt from and judged by."),
            "ecc.isc.ac 3453275",
        ),
    )  # fmt: skip


def _sound_studies(_: Words) -> tuple[Study, ...]:
    clips = _("PCMIR, 698 clips of 5 to 10 s, 7 instruments")
    return (
        Study(
            "layegh", "after Layegh", "mode", "", _("radif, 250 gushehs played 5 times, 3 s"),
            _("not readable"), True,
            _("The same gusheh is learnt from and judged by: it looks melodies up."),
            "M. A. Layegh, Classification of the Radif of Mirza Abdollah (kipdf)",
        ),
        Study(
            "mousavi", "after Mousavi", "instrument", "82.57 %", clips, _("random clips"), None,
            _("Clips of one session probably lie on both sides."),
            "PCMIR; github SeyedMuhammadHosseinMousavi/Persian-music-classification",
        ),
        Study(
            "nava2019", "our reconstruction of Nava 2019", "dastgah", "", _("Nava, 40 artists"), _("not readable"),
            None, _("The paper could not be read."), "jasp.tabrizu.ac.ir/article_10444",
        ),
    )  # fmt: skip


def _neural_studies(_: Words) -> tuple[Study, ...]:
    return (
        Study(
            "azarnet", "after AzarNet", "dastgah", "F1 86.21", _("MICM, 1,137 samples of violin and ney"),
            _("not readable"), None, _("That it parts by recording is not proven; only the abstract could be read."),
            "AzarNet, arXiv 1812.07017",
        ),
        Study(
            "bilgnet", "BiLGNet", "dastgah", "92 %", _("Nava, segments of 20 s"), _("random segments, 90/5/5"), True,
            _("Segments of one recording are learnt from and judged by."),
            "BiLGNet, arXiv 2203.15335; github danialebrat/Dastgagh_classification",
        ),
        Study(
            "supcon", "after SupCon", "dastgah", "34.8 % (30 s)", _("Nava, official lists"), _("official lists"),
            False, _("The test part is apart; training was stopped by 1-s folds of the same recordings."),
            "TISMIR 2026, doi 10.5334/tismir.271",
        ),
        Study(
            "pmg-net", "after PMG-Net", "genre", "86 %", _("PMG-Data, 500 tracks, 5 genres"), _("not readable"), None,
            _("Its architecture could not be read, and genre is no task of this program."), "PMG-Net on PMG-Data",
        ),
    )  # fmt: skip
