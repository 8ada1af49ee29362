"""Presets: what is asked of a batch, kept under a name."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from persian_mir.app_paths import config_dir
from persian_mir.checked_json import among, listed, mapping, number, optional, read_json, record, text, truth
from persian_mir.computing import DEVICES, ENGINES, PRECISIONS, Computing
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _, quoted
from persian_mir.names import is_name
from persian_mir.whole_file import write_whole

_RULE = mapping(
    record(
        probes=listed(text(), 64),
        modal=truth,
        modal_window_s=optional(number(10, 60)),
        device=among(*DEVICES),
        precision=optional(among(*PRECISIONS)),
        engine=optional(among(*ENGINES)),
        patterns=listed(text(), 64),
    )
)


@dataclass(frozen=True, slots=True)
class Preset:
    """Which predictors label, where, and which files of a folder."""

    probes: tuple[str, ...] = ()
    modal: bool = True
    modal_window_s: float | None = None
    device: str = "auto"
    patterns: tuple[str, ...] = ()
    precision: str = "auto"
    engine: str = "auto"

    @property
    def computing(self) -> Computing:
        """How its probes are computed."""
        return Computing(self.device, self.precision, self.engine)


def presets() -> dict[str, Preset]:
    """Return all by name. Raises PersianMirError where their file was spoilt."""
    try:
        told = read_json(_path(), _RULE)
    except FileNotFoundError:
        return {}
    return {name: _preset(values) for name, values in told.items()}


def preset(name: str) -> Preset:
    """Return one. Raises PersianMirError where there is none of this name."""
    known = presets()
    if name not in known:
        what = _("There is no preset {name}.").format(name=quoted(name))
        raise PersianMirError(what, cure=_("Known are: {names}.").format(names=", ".join(known) or "–"))
    return known[name]


def save_preset(name: str, values: Preset) -> None:
    """Keep one under a name, in the place of what had it. Raises PersianMirError."""
    if not is_name(name):
        raise PersianMirError(_("{text} is no name.").format(text=quoted(name)), cure=_("Write letters and digits."))
    _write({**presets(), name: values})


def forget_preset(name: str) -> None:
    """Keep one no longer. Raises PersianMirError where there is none of this name."""
    preset(name)
    _write({key: one for key, one in presets().items() if key != name})


def _write(kept: dict[str, Preset]) -> None:
    told = {key: asdict(one) for key, one in kept.items()}
    write_whole(_path(), json.dumps(told, ensure_ascii=False, indent=1))


def _path() -> Path:
    return config_dir() / "batch-presets.json"


def _preset(values: dict[str, Any]) -> Preset:
    told: dict[str, Any] = {name: tuple(values[name]) for name in ("probes", "patterns")}
    told |= {name: values[name] for name in Computing._fields if values.get(name)}  # once there was but the device
    return Preset(**told, modal=values["modal"], modal_window_s=values.get("modal_window_s"))
