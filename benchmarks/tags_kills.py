"""Kill a batch write of tags with -9, again and again, then undo: is every file its original or wholly written?

    python benchmarks/tags_kills.py [--kills 100] [--full]

Every kind of file that holds tags, several lengths each. A child writes them all; after a random time it is killed;
every file is compared with its original and with what an undisturbed batch makes of it; then the batch is undone, where
every second undo is killed as well and begun again. `--full` does the same on a disk that fills up (a small tmpfs,
mounted by root).
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "persian_mir" / "audio")]
TEMPLATE = "title={name} " + "شور " * 200
NO_TAGS = ("rf64", "w64", "caf", "au", "tta", "webm", "mkv-ac3")


def make_files(folder: Path, lengths_s: tuple[float, ...]) -> None:
    import makers  # of the tests

    for seconds in lengths_s:
        place = folder / f"{seconds:g}"
        place.mkdir(parents=True)
        for kind in makers.KINDS:
            if kind.name not in NO_TAGS:
                makers.make(kind, place, seconds)


def content(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def write(folder: Path) -> None:
    from persian_mir.commands.files import expand
    from persian_mir.tags.plan import plan_file
    from persian_mir.tags.profiles import templates
    from persian_mir.tags.write import write_tags

    chosen = templates("", [TEMPLATE])
    plans = [plan_file(path, {}, chosen) for path in expand([str(folder)])]
    failed = [one for one in write_tags(plans, "kills").outcomes if one.reason]
    for one in failed[:3]:
        print(f"  {one.path.name}: {one.reason}")
    print(f"  {len(failed)} of {len(plans)} could not be written", flush=True)


def undo(_folder: Path) -> None:
    from persian_mir.tags.journal import Journal
    from persian_mir.tags.write import undo_tags

    for batch in Journal().batches():
        if batch.undone < batch.files:
            for one in undo_tags(batch.id):
                assert not one.reason, one
            return


def in_child(work: Callable[[Path], None], folder: Path, kill_after_s: float | None = None) -> bool:
    """Run in a process of its own; whether it was killed before its end."""
    sys.stdout.flush()
    child = os.fork()
    if not child:
        if kill_after_s is not None:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        work(folder)
        os._exit(0)
    if kill_after_s is not None:
        time.sleep(kill_after_s)
        os.kill(child, signal.SIGKILL)
    _pid, status = os.waitpid(child, 0)
    if kill_after_s is None:
        assert status == 0, status
    return os.WIFSIGNALED(status)


def parts(folder: Path) -> int:
    return sum(1 for _ in folder.rglob("*.part"))


def kills(home: Path, count: int) -> None:
    folder = home / "files"
    make_files(folder, (1.0, 5.0, 15.0))
    before = content(folder)
    for _warm in range(2):  # the second time all that can be remembered of the files is
        started = time.monotonic()
        in_child(write, folder)
        whole_s = time.monotonic() - started
        after = content(folder)
        in_child(undo, folder)
        assert content(folder) == before
    changed = [name for name in before if after[name] != before[name]]
    size = sum(map(len, before.values()))
    print(f"{len(before)} files, {size / 1e6:.0f} MB, {len(changed)} written in {whole_s:.1f} s, undone to the byte")
    found: Counter[str] = Counter()
    rng = random.Random(0)
    for number in range(count):
        found["killed in the write"] += in_child(write, folder, rng.uniform(0, whole_s))
        for name, data in content(folder).items():
            state = "old" if data == before[name] else "new" if data == after[name] else "BETWEEN"
            found[f"files {state}"] += 1
        if number % 2:
            found["killed in the undo"] += in_child(undo, folder, rng.uniform(0, whole_s / 2))
        in_child(undo, folder)
        back = content(folder)
        found["files not as before after undo"] += sum(back.get(name) != data for name, data in before.items())
        found["files lost"] += len(before.keys() - back.keys())
        found["part files left"] += parts(folder)
    print(dict(found))


def full_disk(home: Path) -> None:
    disk = home / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "none", disk], check=True)
    try:
        folder = disk / "files"
        make_files(folder, (1.0, 3.0))
        before = content(folder)
        for name, left in (("nearly full", 1 << 20), ("full", 0)):
            filler = disk / "filler"
            free = shutil.disk_usage(disk).free - left
            filler.write_bytes(bytes(free))
            in_child(write, folder)
            found = content(folder)
            print(f"disk {name}: {sum(found[one] != before[one] for one in before)} files written, ", end="")
            print(f"{parts(folder)} part files left, {len(before.keys() - found.keys())} lost")
            filler.unlink()
            in_child(undo, folder)
            print(f"  after undo {sum(content(folder)[one] != data for one, data in before.items())} differ")
    finally:
        subprocess.run(["umount", disk], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--full", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        os.environ["PERSIAN_MIR_HOME"] = str(home / "home")
        if args.full:
            full_disk(home)
        else:
            kills(home, args.kills)


if __name__ == "__main__":
    main()
