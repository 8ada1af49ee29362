"""The report of a batch: a CSV with a line a file, and a page with the sums, the failures and what was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from persian_mir.batch.queue_rows import Job, QueueRows, State
from persian_mir.batch.run import BatchStatus
from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.csv_text import csv_line
from persian_mir.i18n import _, digits, figures, language
from persian_mir.labels import TASKS, describe, task_name
from persian_mir.provenance import Provenance
from persian_mir.whole_file import whole_file, write_whole

COLUMNS = ("file", "state", "reason", "duration_s", "took_s", "finished")
LABEL_COLUMNS = ("", "_status", "_probability")
MOST_SHOWN = 1000  # failures, and files of which something is to be known, on the page

NONE = "none of these"  # the status where no label holds
Held = tuple[str, str, str, float | None]  # task, label, status, probability
Line = tuple[Job, Sequence[Held]]


def report_files(folder: Path) -> tuple[Path, Path]:
    """Return where the CSV and the page go."""
    return folder / "batch.csv", folder / "batch.html"


def write_report(
    folder: Path, catalogue: Catalogue, queue: QueueRows, made_by: Sequence[Provenance], status: BatchStatus
) -> None:
    """Write both files into a folder, which is made. Raises PersianMirError."""
    table, page = report_files(folder)
    found: Counter[tuple[str, str]] = Counter()
    remarked: list[Job] = []
    with whole_file(table) as out:
        out.write(csv_line([*COLUMNS, *(f"{task}{end}" for task in TASKS for end in LABEL_COLUMNS)]).encode())
        for job, held in lines(catalogue, queue):
            if job.state is State.DONE and job.reason and len(remarked) < MOST_SHOWN:
                remarked.append(job)
            found.update((task, label) for task, label, _status, _p in held if job.state is not State.FAILED)
            out.write(csv_line(_cells(job, held)).encode(errors="backslashreplace"))
    write_whole(page, _page(queue, made_by, status, found, remarked))


def lines(catalogue: Catalogue, queue: QueueRows) -> Iterator[Line]:
    """Yield every file of the queue with the labels that hold of its recording; read in pages, for memory."""
    after = 0
    while jobs := queue.jobs(after):
        rows = [job.recording for job in jobs if job.recording is not None]
        held, unnamed = catalogue.labels_of(rows), catalogue.unnamed(rows)
        for job in jobs:
            labels = held.get(job.recording or 0, ())
            without = (task for row, task in unnamed if row == job.recording)
            named = {task for task, *_rest in labels}
            yield job, [*labels, *((task, "", NONE, None) for task in without if task not in named)]
        after = jobs[-1].id


def _cells(job: Job, held: Sequence[Held]) -> list[object]:
    cells: list[object] = [str(job.path), job.state.name.lower(), job.reason]
    cells += [f"{job.seconds:.2f}", f"{job.took:.2f}", job.finished]
    for task in TASKS:
        mine = [one for one in held if one[0] == task]
        shares = ["" if p is None else f"{p:.4f}" for _task, _label, _status, p in mine]
        cells += [_joined([one[1] for one in mine]), _joined([one[2] for one in mine]), _joined(shares)]
    return cells


def _joined(texts: Sequence[str]) -> str:
    return "; ".join(texts) if any(texts) else ""


def _page(
    queue: QueueRows,
    made_by: Sequence[Provenance],
    status: BatchStatus,
    found: Counter[tuple[str, str]],
    remarked: Sequence[Job] = (),
) -> str:
    from persian_mir.pages import environment

    failures = queue.jobs(limit=MOST_SHOWN, state=State.FAILED)
    counts = queue.counts()
    return (
        environment(Path(__file__).with_name("templates"), language(), told=_told)
        .get_template("report.html")
        .render(
            title=_("Report of a batch"),
            summary=_summary(counts, queue, status),
            predictors=made_by,
            failures=failures,
            more_failures=max(0, counts.get(State.FAILED, 0) - len(failures)),
            remarked=remarked,
            more_remarked=queue.remarked() - len(remarked),
            found=[(task_name(task), _spoken(task, label), number) for (task, label), number in found.most_common()],
        )
    )


def _spoken(task: str, label: str) -> str:
    return describe(task, label).spoken if label else _("none of these")


def _summary(counts: Mapping[State, int], queue: QueueRows, status: BatchStatus) -> list[tuple[str, str]]:
    sums = queue.kinds().values()
    hours, minutes, used = sum(kind.seconds for kind in sums) / 3600, status.elapsed_s / 60, status.utilisation
    return [
        *((state_name(state), digits(str(counts.get(state, 0)))) for state in State),
        (_("hours of sound labelled"), digits(f"{hours:.2f}")),
        (_("minutes that the last run took"), digits(f"{minutes:.1f}")),
        *(
            []
            if used is None or status.workers
            else [(_("share of the time in which the models computed"), figures(f"{used:.0%}"))]
        ),
        *(
            (_("share of the time in which {worker} was at work").format(worker=worker), figures(f"{share:.0%}"))
            for worker, share in status.workers.items()
        ),
    ]


def state_name(state: State) -> str:
    """Return a state in the user's language."""
    names = {
        State.WAITING: _("waiting"),
        State.RUNNING: _("in work"),
        State.DONE: _("done"),
        State.FAILED: _("failed"),
        State.SKIPPED: _("skipped"),
    }
    return names[state]


def _told(values: Mapping[str, object]) -> str:
    """Return `window_s 30, hop_s 5`."""
    rounded = ((name, f"{value:g}" if isinstance(value, float) else value) for name, value in values.items())
    return ", ".join(f"{name} {value}" for name, value in rounded)
