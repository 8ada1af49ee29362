"""t-SNE by scikit-learn, which can be neither stopped nor asked how far it is: it runs in a process that can be ended.

As a program (`python -m trainer.experiments.tsne FOLDER PERPLEXITY SEED`) it reads `start.npy` and `first.npy` in the
folder and writes `places.npy`; scikit-learn says on standard output which iteration it is at.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.progress import SILENT, Progress

ITERATIONS = 1000
SMALL = 300  # points, up to which it takes no longer than to start a process
LOOK_S = 0.1  # between two looks at the child
ITERATION = re.compile(r"Iteration (\d+):")

Floats = NDArray[np.float64]


def tsne(
    start: Floats, first: NDArray[np.float32], perplexity: float, seed: int, progress: Progress = SILENT
) -> Floats:
    """[points, width], and where they begin [points, 2], to where they come to lie [points, 2]; the same for a seed.

    Raises Cancelled from `progress` within a moment, and PersianMirError where its process fails.
    """
    if len(start) <= SMALL:
        progress.step(0.0)
        return _places(start, first, perplexity, seed)
    with TemporaryDirectory(prefix="persian-mir-") as name:
        folder = Path(name)
        np.save(folder / "start.npy", start)
        np.save(folder / "first.npy", first)
        command = [sys.executable, "-m", __name__, name, repr(perplexity), str(seed)]
        with (
            (folder / "said").open("wb") as said,
            subprocess.Popen(  # noqa: S603, this program itself
                command, stdin=subprocess.PIPE, stdout=said, stderr=subprocess.STDOUT
            ) as child,
        ):
            try:
                _wait(child, folder / "said", progress)
            finally:
                child.kill()
        if child.returncode or not (folder / "places.npy").exists():
            what = _("The map could not be drawn.")
            reason = (folder / "said").read_text("utf-8", errors="replace").strip().splitlines()[-1:]
            cure = _("Its process ended early, perhaps for want of memory: {reason}").format(reason="".join(reason))
            raise PersianMirError(what, cure=cure)
        return np.asarray(np.load(folder / "places.npy", allow_pickle=False), dtype=np.float64)


def _wait(child: subprocess.Popen[bytes], said: Path, progress: Progress) -> None:
    while True:
        try:
            child.wait(LOOK_S)
        except subprocess.TimeoutExpired:
            found = ITERATION.findall(said.read_text("utf-8", errors="replace"))
            progress.step(int(found[-1]) / ITERATIONS if found else 0.0)
        else:
            return


def _places(start: Floats, first: NDArray[np.float32], perplexity: float, seed: int, verbose: int = 0) -> Floats:
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):  # sums in another order would lead elsewhere; and two threads are no faster
        model = TSNE(2, perplexity=perplexity, init=first, random_state=seed, max_iter=ITERATIONS, verbose=verbose)
        return np.asarray(model.fit_transform(start), dtype=np.float64)


def _end_with_parent() -> None:
    """Standard input ends when whoever started this is gone."""
    while os.read(0, 256):
        pass
    os._exit(1)


def main(folder: Path, perplexity: float, seed: int) -> None:
    """The child."""
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    threading.Thread(target=_end_with_parent, daemon=True).start()
    start, first = (np.load(folder / name, allow_pickle=False) for name in ("start.npy", "first.npy"))
    np.save(folder / "places.npy", _places(start, first, perplexity, seed, verbose=2))


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
