"""`persian-mir doctor`: what works on this machine, and how to cure what does not."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from persian_mir import __version__, plurals
from persian_mir.app_paths import cache_dir, config_dir, data_dir, log_dir
from persian_mir.computing import emulated
from persian_mir.i18n import _

MIN_FREE_BYTES = 2 << 30
CHILD_TIMEOUT_S = 60


@dataclass(frozen=True, slots=True)
class Check:
    """One finding. `needed` says whether labelling in the terminal needs it."""

    name: str
    works: bool
    detail: str
    cure: str = ""
    needed: bool = True


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser("doctor", help=_("say what works on this machine, and how to cure what does not"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:  # noqa: ARG001
    """Print every finding; 1 if something that labelling needs does not work."""
    print(f"Persian MIR {__version__}, Python {sys.version.split()[0]}, {sys.platform}")
    healthy = True
    for check in CHECKS:
        found = _tried(check)
        mark = "✓" if found.works else ("✗" if found.needed else "–")
        print(f" {mark} {found.name:<18}{found.detail}")
        if not found.works and found.cure:
            print(f"   {'':<18}{found.cure}")
        healthy = healthy and (found.works or not found.needed)
    return 0 if healthy else 1


def _tried(check: Callable[[], Check]) -> Check:
    try:
        return check()
    except Exception as error:  # noqa: BLE001 - whatever is wrong is the finding
        return Check(check.__name__.strip("_"), False, str(error))


def _sound_files() -> Check:
    try:
        import av
        import soundfile

        return Check(_("sound files"), True, f"libsndfile {soundfile.__libsndfile_version__}, PyAV {av.__version__}")
    except (ImportError, OSError) as error:
        return Check(_("sound files"), False, str(error), _("Install the program again: pip install persian-mir"))


def _modal() -> Check:
    name = _("modal reading")
    try:
        import swift_f0  # noqa: F401

        from persian_mir.modal.radif import load_radif

        return Check(
            name,
            True,
            _("swift-f0 {v}, {n} gushehs").format(v=version("swift-f0"), n=len(load_radif().gushehs)),
        )
    except Exception as error:  # noqa: BLE001 - whatever is wrong is the finding
        return Check(name, False, str(error), _("Install the program again: pip install persian-mir"))


def _torch() -> Check:
    answer = _in_child(
        "import torch; c = torch.cuda; "
        "print(torch.__version__, '·', c.get_device_name(0) if c.is_available() else "
        "('MPS' if torch.backends.mps.is_available() else 'CPU only'))"
    )
    return Check(
        "torch",
        answer.works,
        answer.text,
        _("Install it as the README says: pip install torch"),
        needed=False,
    )


def _torchaudio() -> Check:
    answer = _in_child("import torchaudio; print(torchaudio.__version__)")
    cure = _("Only useful beside a CUDA build of torch: pip install 'persian-mir[gpu]'")
    return Check("torchaudio", answer.works, answer.text, cure, needed=False)


def _half_precision() -> Check:
    name = "bfloat16"
    answer = _in_child(
        "from persian_mir.backbones.device import pick_device; "
        "from persian_mir.backbones.loading import wrong_in_bfloat16; "
        "from persian_mir.half_precision import multiplies_bfloat16; "
        "device = pick_device(); "
        "count, wrong = wrong_in_bfloat16(device) if multiplies_bfloat16(device) else (0, ()); "
        "print(count, *wrong, sep='\\n')"
    )
    if not answer.works:
        return Check(name, False, answer.text, needed=False)
    count, *wrong = answer.text.splitlines()
    if count == "0":
        return Check(name, True, emulated())
    if not wrong:
        return Check(name, True, _("right here in all {count} kinds of layer").format(count=int(count)))
    detail = _("wrong here in {layers}").format(layers=", ".join(wrong))
    return Check(name, False, detail, _("Nothing needs to be done: these layers compute in float32."), needed=False)


def _backbones() -> Check:
    from persian_mir.models.store import installed

    here = [model.id for model in installed() if model.id != "signal"]
    cure = _("Optional. To get one: persian-mir models fetch m-a-p/MERT-v1-95M")
    return Check(_("backbones"), bool(here), ", ".join(["signal", *here]), cure, needed=False)


def _window() -> Check:
    answer = _in_child("import PySide6, PySide6.QtWidgets; print('PySide6', PySide6.__version__)")
    cure = _(
        "pip install 'persian-mir[gui]'; on Debian also: apt install libegl1 libgl1 libxkbcommon-x11-0 libxcb-cursor0"
    )
    return Check(_("window"), answer.works, answer.text, cure, needed=False)


def _display() -> Check:
    there = sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    detail = _("there is one") if there else _("none: the window cannot be shown, the command line works")
    return Check(_("display"), there, detail, needed=False)


def _playback() -> Check:
    answer = _in_child("import sounddevice as s; print(s.query_devices(kind='output')['name'])")
    cure = _("Optional. On Debian: apt install libportaudio2; and a sound device must be there.")
    return Check(_("playback"), answer.works, answer.text, cure, needed=False)


def _catalogue() -> Check:
    from persian_mir.catalogue.catalogue import Catalogue
    from persian_mir.catalogue.database import default_path

    name = _("catalogue")
    if not default_path().exists():
        return Check(name, True, _("none yet"), needed=False)
    with Catalogue.open() as catalogue:
        damage, count = catalogue.check(), catalogue.count()
        stale = catalogue.is_stale()
    if damage:
        return Check(name, False, damage[0], _("Put a backup in its place, or move the file away."), needed=False)
    if stale:
        cure = _("To index it anew: persian-mir check-files")
        return Check(name, False, _("indexed by an earlier version"), cure, needed=False)
    return Check(name, True, plurals.recordings(count), needed=False)


def _folders() -> Check:
    folders = (data_dir(), cache_dir(), config_dir(), log_dir())
    locked = [str(folder) for folder in folders if not os.access(folder, os.W_OK)]
    detail = ", ".join(locked) or ", ".join(str(folder) for folder in folders[:2])
    return Check(_("folders"), not locked, detail, _("These folders must be writable."))


def _disk() -> Check:
    there = next(folder for folder in (cache_dir(), *cache_dir().parents) if folder.is_dir())
    free = shutil.disk_usage(there).free
    detail = _("{size} free").format(size=plurals.size(free))
    return Check(
        _("disk"),
        free > MIN_FREE_BYTES,
        detail,
        _("Make room, or delete the cache: it is computed again."),
        needed=False,
    )


CHECKS: tuple[Callable[[], Check], ...] = (
    _sound_files, _modal, _torch, _torchaudio, _half_precision, _backbones, _window, _display, _playback,
    _catalogue, _folders, _disk,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Answer:
    works: bool
    text: str


def _in_child(code: str) -> _Answer:
    """Try an import in a process of its own: a broken library may crash, and the engine itself knows no Qt."""
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and our own words
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            timeout=CHILD_TIMEOUT_S,
            check=False,
            cwd=Path(sys.executable).parent,
        )
    except subprocess.TimeoutExpired:
        return _Answer(False, _("no answer within {s} s").format(s=CHILD_TIMEOUT_S))
    if done.returncode == 0:
        return _Answer(True, done.stdout.strip())
    lines = done.stderr.strip().splitlines()
    return _Answer(False, lines[-1] if lines else _("it crashed"))
