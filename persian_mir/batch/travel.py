"""What goes between the owner of a catalogue and the workers of a cluster: JSON, in which numbers keep their value."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from persian_mir.prediction import Prediction, Section, Verdict
from persian_mir.provenance import Provenance
from persian_mir.recording import Recording


def packed(value: Any) -> str:
    """Return JSON, in ASCII, of values that travel: dataclasses by their fields, arrays as lists."""
    return json.dumps(value, default=_plain)


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, Mapping):
        return dict(value)
    return str(value)


def recording_of(told: dict[str, Any]) -> Recording:
    """Return the recording that was packed."""
    own = {"path": Path(told["path"]), "tags": MappingProxyType(told["tags"])}
    return Recording(**told | own | {"earlier_hashes": tuple(told["earlier_hashes"])})


def provenance_of(told: dict[str, Any]) -> Provenance:
    """Return the provenance that was packed; its parameters' tuples are lists, as the catalogue has them."""
    return Provenance(**told)


def prediction_of(told: dict[str, Any]) -> Prediction:
    """Return the prediction that was packed. Raises ValueError where its shapes do not fit."""
    segments, classes = len(told["starts"]), len(told["labels"])
    return Prediction(
        **told
        | {
            "labels": tuple(told["labels"]),
            "starts": np.array(told["starts"], np.int64),
            "stops": np.array(told["stops"], np.int64),
            "probabilities": np.array(told["probabilities"], np.float32).reshape(segments, classes),
            "overall": np.array(told["overall"], np.float32),
            "provenance": provenance_of(told["provenance"]),
            "reasons": tuple(told["reasons"]),
            "sections": tuple(_section_of(one) for one in told["sections"]),
        }
    )


def _section_of(told: dict[str, Any]) -> Section:
    verdict = told["verdict"]
    shares = tuple((label, share) for label, share in verdict["shares"])
    return Section(**told | {"verdict": Verdict(**verdict | {"shares": shares})})
