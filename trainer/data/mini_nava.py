"""mini-Nava: a corpus laid out as Nava, made by the project's synthesiser, with known faults if wanted.

It proves the machinery, not the music: no musician was recorded. It says so in its mark, in every file's tags and in
whatever is printed about it. The truth lies beside it in `truth.json`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from soundfile import LibsndfileError

from persian_mir import plurals
from persian_mir.examples.synthesise import synthesise
from persian_mir.i18n import _
from persian_mir.labels import describe
from persian_mir.paths import plain_path
from persian_mir.progress import SILENT, Progress
from trainer.data.dataset import DataError
from trainer.data.nava import LISTS, MARK, TABLES

ARTISTS = 12
LEAKY_ARTISTS = 28  # four of each Dastgah, so that setting one aside leaves others of it to learn from
LEAST = 35  # recordings: one of each instrument in each Dastgah
RATE = 22_050
TRUTH = "truth.json"
SWAPPED = 0.03  # of the Tar and Setar recordings, as is said of Nava
ALIASES = {"instrument": ("03", "santur"), "dastgah": ("shur", "06")}
TEXT = "Synthesised by Persian MIR. Made by a computer program; no musician was recorded. Not the corpus Nava.\n"


@dataclass(frozen=True, slots=True)
class Take:
    """One recording: what sounds (label ids, artist's number), what its name says in Nava's codes, and its part."""

    instrument: str
    dastgah: str
    artist: int
    track: int
    part: str
    codes: tuple[str, str]

    @property
    def stem(self) -> str:
        """The name of the file."""
        return f"{self.codes[0]}_{self.codes[1]}_{self.artist}_{self.track}"


@dataclass(frozen=True, slots=True)
class PlantedFaults:
    """The faults of a corpus, by stem. `swapped`: Tar is called Setar or the reverse; `duplicate`: a recording and
    its copy; `overlap`: in test and in train; `train_holds_dev`: all of dev.
    """

    swapped: tuple[str, ...] = ()
    duplicate: tuple[str, ...] = ()
    overlap: tuple[str, ...] = ()
    corrupt: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    train_holds_dev: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MiniNava:
    """What was made: the recordings and the faults planted among them."""

    seed: int
    takes: tuple[Take, ...]
    planted: PlantedFaults = field(default_factory=PlantedFaults)


def make_mini_nava(
    out: Path,
    recordings: int = 400,
    seed: int = 0,
    seconds: float = 10.0,
    faults: bool = False,
    leak: bool = False,
    progress: Progress = SILENT,
) -> MiniNava:
    """Write `out`/NavaDataset and `out`/truth.json: the same for the same arguments.

    Recordings last `seconds` ± 20 %. An artist plays one instrument or two, and sounds like nobody else; with `leak`
    an artist plays one Dastgah only, so that who plays gives away what. DataError where `out` is not empty.
    """
    if recordings < LEAST:
        what = _("Too few: {recordings}.").format(recordings=plurals.recordings(recordings))
        raise DataError(what, cure=_("Ask for {least} or more.").format(least=LEAST))
    home = out / "NavaDataset"
    try:
        if (out / TRUTH).exists() or (home.exists() and any(home.iterdir())):
            what = _("There are recordings here already.")
            raise DataError(what, path=home, cure=_("Name a new folder."))
        (home / "Data").mkdir(parents=True, exist_ok=True)
        corpus = compose(recordings, seed, faults, leak)
        (home / MARK).write_text(TEXT, encoding="utf-8")
        for number, take in enumerate(corpus.takes):
            progress.step(number / len(corpus.takes), take.stem)
            _write(home / "Data" / f"{take.stem}.flac", take, _sound(take, seed, seconds))
        _spoil(home, corpus, seed, seconds)
        _write_lists(home, corpus)
        truth = {"synthesised": TEXT.strip(), **asdict(corpus)}
        (out / TRUTH).write_text(json.dumps(truth, indent=1) + "\n", encoding="utf-8")
    except (OSError, LibsndfileError) as error:  # the second, too, where the disk is full
        reason = getattr(error, "strerror", None) or str(error).rstrip(".")
        what = _("The corpus cannot be written: {reason}.").format(reason=reason)
        raise DataError(what, path=out, cure=_("Check the disk, or name another folder.")) from error
    progress.step(1.0)
    return corpus


def compose(recordings: int, seed: int, faults: bool, leak: bool) -> MiniNava:
    """The recordings to make and, with `faults`, what is wrong with them. Every class is in every part."""
    rng = np.random.default_rng([seed, 1])
    codes = {task: {label: code for code, label in TABLES[task].items()} for task in ("instrument", "dastgah")}
    instruments, dastgahs = list(codes["instrument"]), list(codes["dastgah"])
    turn = 10 if recordings >= 10 * LEAST else 5
    takes = []
    for track in range(recordings):
        lap, combination = divmod(track, LEAST)
        i, d = combination % len(instruments), combination // len(instruments)
        artist = int(
            rng.choice(range(d + 1, LEAKY_ARTISTS + 1, len(dastgahs)) if leak else _players(i, len(instruments)))
        )
        part = {0: "test", 1: "dev"}.get((i + d + lap) % turn, "train")
        name = (codes["instrument"][instruments[i]], codes["dastgah"][dastgahs[d]])
        takes.append(Take(instruments[i], dastgahs[d], artist, track, part, name))
    if not faults:
        return MiniNava(seed, tuple(takes))
    return _planted(MiniNava(seed, tuple(takes)), rng)


def _players(place: int, of: int) -> list[int]:
    """Artists 1..12 who play the instrument at `place`; some play the next one as well."""
    first = [a for a in range(ARTISTS) if a % of == place]
    second = [a for a in range(of, 2 * of) if (a + 1) % of == place]
    return [a + 1 for a in first + second]


def _planted(corpus: MiniNava, rng: np.random.Generator) -> MiniNava:
    """Faults in the training part, where they take no class from the small parts."""
    takes = list(corpus.takes)
    train = [k for k, take in enumerate(takes) if take.part == "train"]
    other = {"tar": "3", "setar": "0"}
    pairs = [k for k in train if takes[k].instrument in other]
    count = max(1, round(SWAPPED * sum(take.instrument in other for take in takes)))
    swapped = sorted(map(int, rng.choice(pairs, count, replace=False)))
    for k in swapped:
        takes[k] = replace(takes[k], codes=(other[takes[k].instrument], takes[k].codes[1]))
    free = [int(k) for k in rng.permutation(train) if k not in swapped]
    aliases = []
    for at, task in enumerate(ALIASES):
        for text in ALIASES[task]:
            code = {"03": "3", "santur": "2", "shur": "0", "06": "6"}[text]
            k = next(k for k in free if takes[k].codes[at] == code)
            free.remove(k)
            names = list(takes[k].codes)
            names[at] = text
            takes[k] = replace(takes[k], codes=(names[0], names[1]))
            aliases.append(takes[k].stem)
    corrupt, original = takes[free[0]], takes[free[1]]
    copy, gone = replace(original, track=len(takes)), replace(takes[free[2]], track=len(takes) + 1)
    strange = replace(takes[free[3]], track=len(takes) + 2, codes=("9", takes[free[3]].codes[1]))
    planted = PlantedFaults(
        swapped=tuple(takes[k].stem for k in swapped),
        duplicate=(original.stem, copy.stem),
        overlap=(next(take.stem for take in takes if take.part == "test"),),
        corrupt=(corrupt.stem,),
        missing=(gone.stem,),
        unknown=(strange.stem,),
        aliases=tuple(aliases),
        train_holds_dev=tuple(take.stem for take in takes if take.part == "dev"),
    )
    return MiniNava(corpus.seed, (*takes, strange), planted)


def _sound(take: Take, seed: int, seconds: float) -> NDArray[np.float32]:
    """float32 [n] at `RATE`, with the artist's tuning, room and recorder: a tilt of the spectrum and hiss."""
    rng = np.random.default_rng([seed, 2, take.track])
    manner = np.random.default_rng([seed, 3, take.artist])
    length = seconds * float(rng.uniform(0.8, 1.2))
    tonic, detune = 220.0 * 2 ** float(manner.uniform(0, 1)), float(rng.uniform(-15, 15))
    number = int(rng.integers(2**31))
    played = synthesise(take.dastgah, take.instrument, number, length, tonic, RATE, detune).samples
    tilt, hiss = (-0.6, -0.2, 0.2, 0.6)[take.artist % 4], 10.0 ** -(1.75 + 0.5 * (take.artist % 3))
    if take.artist > ARTISTS:
        tilt, hiss = float(manner.uniform(-0.7, 0.7)), 10.0 ** -float(manner.uniform(1.6, 3.0))
    tilted = played + np.float32(tilt) * np.concatenate([played[:1], played[:-1]])
    sound = tilted / (1 + abs(tilt)) + 0.3 * hiss * rng.standard_normal(len(played))
    return np.asarray(sound, dtype=np.float32)


def _write(path: Path, take: Take, samples: NDArray[np.float32]) -> None:
    import soundfile

    instrument, dastgah = describe("instrument", take.instrument).name.lower(), describe("dastgah", take.dastgah).name
    kind = path.suffix[1:].upper()
    with soundfile.SoundFile(plain_path(path), "w", RATE, 1, "PCM_16", format=kind) as file:
        file.title = f"Synthesised {instrument} in {dastgah}, {path.stem}"
        file.artist = f"Synthesised artist {take.artist}"
        file.comment = TEXT.strip()
        # Rounded here: libsndfile rounds differently from format to format, and a copy shall hold the same sound.
        file.write(np.rint(samples.clip(-1, 1) * 32767).astype(np.int16))


def _spoil(home: Path, corpus: MiniNava, seed: int, seconds: float) -> None:
    """Copy the duplicate into another format under its other name, and break the corrupt file off in its middle."""
    planted, takes = corpus.planted, {take.stem: take for take in corpus.takes}
    if planted.duplicate:
        original, copy = planted.duplicate
        take = takes[original]
        _write(home / "Data" / f"{copy}.wav", take, _sound(take, seed, seconds))
    for stem in planted.corrupt:
        path = home / "Data" / f"{stem}.flac"
        os.truncate(path, path.stat().st_size // 2)


def _write_lists(home: Path, corpus: MiniNava) -> None:
    planted = corpus.planted
    more = [*planted.duplicate[1:], *planted.overlap, *planted.missing, *planted.train_holds_dev]
    lists: Mapping[str, Sequence[str]] = {
        part: [take.stem for take in corpus.takes if take.part == part] + (more if part == "train" else [])
        for part in LISTS
    }
    for part, name in LISTS.items():
        (home / name).write_text("\n".join(sorted(lists[part])) + "\n", encoding="utf-8")
