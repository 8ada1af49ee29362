"""Labels as files, of one recording or of all that are open: what `persian-mir label --format` prints."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from persian_mir.catalogue.corrections import Corrections
from persian_mir.commands.labelled import LabelledFile
from persian_mir.csv_text import MARK
from persian_mir.prediction import Prediction
from persian_mir.progress import Progress
from persian_mir_gui.library.session import Item


@dataclass(frozen=True, slots=True)
class PredictorName:
    """What is written of a predictor."""

    id: str
    name: str


def labelled_of(item: Item, store: Corrections | None) -> LabelledFile | None:
    """What is known of a recording, by machines and by people; None where nothing is."""
    if item.recording is None:
        return None
    answers: dict[str, list[Prediction]] = {}
    for (who, _task), prediction in item.predictions.items():
        if len(prediction.starts):
            answers.setdefault(who, []).append(prediction)
    said = dict(store.of(item.recording)) if store else {}
    if not answers and not said:
        return None
    who_said_what = [
        (PredictorName(who, item.predictor_names.get(who, who)), tuple(answers[who]))
        for who in sorted(answers, key=lambda who: who != "modal")
    ]
    return LabelledFile(item.path, item.recording, item.problems, who_said_what, said=said)


def write_labels(kind: str, path: Path, labelled: Sequence[LabelledFile], marked: bool, progress: Progress) -> None:
    """Runs on the worker: one file of all these, a `marked` table for Excel. Raises PersianMirError."""
    from persian_mir.commands.writers import WRITERS
    from persian_mir.whole_file import write_whole

    text = io.StringIO(newline="")
    writer = WRITERS[kind](text)
    for done, one in enumerate(labelled):
        progress.step(done / len(labelled), one.path.name)
        writer.write(one)
    writer.close()
    write_whole(path, (MARK if marked and kind == "csv" else "") + text.getvalue())
