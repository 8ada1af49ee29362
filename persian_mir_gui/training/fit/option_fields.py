"""Fields of the form, made from what is declared of each option of a fit."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QSpinBox

from persian_mir_gui.widgets.widget_factories import stand_in
from trainer.fitting.options import Option

LEAST_SIGNS = 12  # that a choice shows in a narrow window


class ShortSpinBox(QDoubleSpinBox):
    """A number with no more decimals than it needs: 0.001, not 0.001000. What lies between 0 and `least` is none."""

    least = 0.0

    def textFromValue(self, value: float) -> str:
        """Return the number in the user's digits."""
        text, locale = super().textFromValue(value), self.locale()
        return text.rstrip(locale.zeroDigit()).rstrip(locale.decimalPoint()) if locale.decimalPoint() in text else text

    def valueFromText(self, text: str) -> float:
        """Return the number that is written so."""
        value = super().valueFromText(text)
        return self.least if 0 < value < self.least else value

    def stepBy(self, steps: int) -> None:
        """Step on, over what is none."""
        before = self.value()
        super().stepBy(steps)
        if 0 < self.value() < self.least:
            self.setValue(self.least if self.value() > before else 0.0)


OptionField = QComboBox | QSpinBox | ShortSpinBox


def field_of(one: Option) -> OptionField:
    """Return a field that offers what the option can be; its name and tip are the option's."""
    field: OptionField
    if isinstance(one.usual, str):
        field = QComboBox()
        field.setMinimumContentsLength(LEAST_SIGNS)
        for value, name in one.choices().items():
            field.addItem(name, value)
    elif isinstance(one.usual, float):
        least = one.least if one.zero is None else 0.0
        field = ShortSpinBox(minimum=least, maximum=one.most, decimals=one.decimals)
        field.least = one.least
        field.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
        field.setSuffix("" if one.unit is None else one.unit().format(number=""))
        stand_in(field)
    else:
        field = QSpinBox(minimum=0 if one.zero is not None else int(one.least), maximum=min(int(one.most), 2**31 - 1))
        field.setProperty("least", int(one.least))
        stand_in(field)
    if one.zero is not None and not isinstance(field, QComboBox):
        field.setSpecialValueText(one.zero())
    field.setAccessibleName(one.title())
    field.setToolTip(one.help())
    show_value(field, one.usual)
    return field


def value_of(field: OptionField) -> Any:
    """Return what is chosen."""
    if isinstance(field, QComboBox):
        return str(field.currentData())
    if isinstance(field, ShortSpinBox):
        return round(field.value(), field.decimals())
    return 0 if 0 < field.value() < (field.property("least") or 0) else field.value()


def show_value(field: OptionField, value: Any) -> None:
    """Choose `value`; of several choices the first where it is none of them."""
    if isinstance(field, QComboBox):
        field.setCurrentIndex(max(0, field.findData(value)))
    else:
        field.setValue(value)
