"""Files of every kind that holds tags, made by the makers of the tests of `audio`."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from persian_mir.tags.values import Holding, Known

WITH_TAGS = (
    *("wav16", "wav24-96k", "wav-adpcm", "aiff", "flac16", "vorbis", "flac-in-ogg", "opus"),
    *("mp3", "m4a", "alac", "wma", "video", "adts", "wavpack"),
)


@pytest.fixture(scope="session")
def every_kind(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A file of 1 s of each kind, by its name. Not to be changed."""
    name = "persian_mir_audio_test_makers"
    if name not in sys.modules:
        source = Path(__file__).parents[1] / "audio" / "makers.py"
        spec = importlib.util.spec_from_file_location(name, source)
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    makers = sys.modules[name]
    folder = tmp_path_factory.mktemp("tagged")
    return {kind.name: makers.make(kind, folder, 1.0)[0] for kind in makers.KINDS}


@pytest.fixture(scope="session")
def tagged_kinds(every_kind: dict[str, Path]) -> dict[str, Path]:
    """Those that can be tagged."""
    return {kind: path for kind, path in every_kind.items() if kind in WITH_TAGS}


@pytest.fixture(scope="session")
def untagged_kinds(every_kind: dict[str, Path]) -> dict[str, Path]:
    """Those that cannot."""
    return {kind: path for kind, path in every_kind.items() if kind not in WITH_TAGS}


@pytest.fixture
def known() -> Holding:
    """What holds of a recording: a person named the instrument, machines the rest."""
    return {
        "dastgah": (Known("shour", "machine", "modal", 0.86),),
        "instrument": (Known("tar", "accepted", "Sara"),),
        "artist": (Known("نوازندهٔ ناشناس", "attributed", "probe:x", 0.4),),
    }
