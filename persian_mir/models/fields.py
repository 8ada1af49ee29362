"""The JSON of a model, read as data: each field is taken only as what it must be, nothing in it is obeyed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from persian_mir.checked_json import RecordError, read_json, record
from persian_mir.errors import ModelError
from persian_mir.i18n import _

_MAX_JSON = 1 << 20  # bytes; the real files have two thousand


def read_description(path: Path) -> Mapping[str, object]:
    """What a file of JSON says. Raises ModelError where it is absent, too long or none."""
    try:
        return read_json(path, record(), _MAX_JSON)  # type: ignore[no-any-return]
    except OSError as error:
        raise ModelError(
            _("The file of the model cannot be read: {why}").format(why=error.strerror), path=path
        ) from error
    except RecordError as error:
        what = _("The file does not describe a model: {reason}").format(reason=error.what)
        raise ModelError(what, path=path) from error


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one file. Each way to take one raises ModelError where it is something else."""

    data: Mapping[str, object]
    path: Path

    def whole(self, name: str, highest: int, default: int | None = None) -> int:
        """A whole number from 1 to `highest`."""
        value = self.data.get(name, default)
        if type(value) is not int or not 1 <= value <= highest:
            raise self._wrong(name, value)
        return value

    def whole_list(self, name: str, highest: int) -> tuple[int, ...]:
        """1 to 16 of them."""
        value = self.data.get(name)
        if not isinstance(value, list) or not 1 <= len(value) <= 16:
            raise self._wrong(name, value)
        if any(type(item) is not int or not 1 <= item <= highest for item in value):
            raise self._wrong(name, value)
        return tuple(value)

    def truth(self, name: str, default: bool) -> bool:
        """True or false."""
        value = self.data.get(name, default)
        if not isinstance(value, bool):
            raise self._wrong(name, value)
        return value

    def small(self, name: str) -> float:
        """A number between 0 and 0.1, by default 1e-5."""
        value = self.data.get(name, 1e-5)
        if not isinstance(value, float) or not 0 < value < 0.1:
            raise self._wrong(name, value)
        return value

    def number(self, name: str, lowest: float, highest: float) -> float:
        """A number."""
        value = self.data.get(name)
        if not isinstance(value, int | float) or isinstance(value, bool) or not lowest <= value <= highest:
            raise self._wrong(name, value)
        return float(value)

    def numbers(self, name: str, highest: float) -> tuple[float, ...]:
        """1 to 16 numbers above 0, up to `highest`."""
        value = self.data.get(name)
        if not isinstance(value, list) or not 1 <= len(value) <= 16:
            raise self._wrong(name, value)
        if any(type(item) not in (int, float) or not 0 < item <= highest for item in value):
            raise self._wrong(name, value)
        return tuple(map(float, value))

    def record(self, name: str) -> Mapping[str, object]:
        """A record, by default an empty one."""
        value = self.data.get(name, {})
        if not isinstance(value, dict):
            raise self._wrong(name, value)
        return value

    def text(self, name: str) -> str:
        """A text, its beginning if it is long."""
        value = self.data.get(name)
        if not isinstance(value, str):
            raise self._wrong(name, value)
        return value[:80]

    def choice(self, name: str, allowed: tuple[str, ...]) -> str:
        """One of `allowed`, by default the first."""
        value = self.data.get(name, allowed[0])
        if value not in allowed:
            raise self._wrong(name, value)
        return str(value)

    def within(self, name: str) -> Fields:
        """The fields inside one of them."""
        value = self.data.get(name)
        if not isinstance(value, Mapping):
            raise self._wrong(name, value)
        return Fields(value, self.path)

    def must_be(self, switches: Mapping[str, object]) -> None:
        """Raises ModelError where the model uses a branch that is not built here."""
        for name, value in switches.items():
            if self.data.get(name, value) != value:
                what = _("This model uses {name}, which is not supported.").format(name=name)
                raise ModelError(what, path=self.path)

    def check(self, fits: bool) -> None:
        """Refuse sizes that are each possible but do not fit together."""
        if not fits:
            raise ModelError(_("The sizes of this model do not fit together."), path=self.path)

    def _wrong(self, name: str, value: object) -> ModelError:
        what = _("The model's field {name} cannot be {value}.").format(name=name, value=repr(value)[:80])
        return ModelError(what, path=self.path)
