"""torchaudio resamples for a GPU, soxr elsewhere, and neither falls over a torchaudio that cannot be imported."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import persian_mir.audio.resample as module
from persian_mir.audio.resample import resample, resample_by_torch, torchaudio_resample
from tests.persian_mir.backbones.test_families import save

RATES = [(44100, 24000), (48000, 24000), (96000, 16000), (22050, 24000)]
EDGE_S = 0.01


def noise(rate: int, top_hz: float) -> np.ndarray:
    """Two seconds of noise below `top_hz`."""
    spectrum = np.fft.rfft(np.random.default_rng(0).standard_normal(2 * rate))
    spectrum[np.fft.rfftfreq(2 * rate, 1 / rate) > top_hz] = 0
    return (0.05 * np.fft.irfft(spectrum) / np.std(np.fft.irfft(spectrum))).astype(np.float32)


@pytest.mark.parametrize(("rate_in", "rate_out"), RATES)
def test_the_two_agree(rate_in: int, rate_out: int) -> None:
    if torchaudio_resample() is None:
        pytest.skip("torchaudio cannot be imported here: it is absent, or linked to another build of torch")
    sound = noise(rate_in, 0.45 * min(rate_in, rate_out))
    expected, found = resample(sound, rate_in, rate_out), resample_by_torch(sound, rate_in, rate_out, "cpu")
    assert len(found) == len(expected)
    edge = round(EDGE_S * rate_out)
    off = (found - expected)[edge:-edge]
    assert np.sqrt(np.mean(off**2)) < 5e-4 * np.std(expected)


def test_the_device_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = noise(44100, 8000)
    monkeypatch.setattr(module, "torchaudio_resample", lambda: lambda *_sound, **_filter: None)
    monkeypatch.setattr(module, "resample_by_torch", lambda *arguments: arguments)
    assert resample(sound, 44100, 16000, "cuda") == (sound, 44100, 16000, "cuda")
    assert len(resample(sound, 44100, 16000)) == 32000
    assert resample(sound, 44100, 44100, "cuda") is sound


def test_without_torchaudio_soxr_resamples_for_a_gpu_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "torchaudio_resample", lambda: None)
    sound = noise(44100, 8000)
    np.testing.assert_array_equal(resample(sound, 44100, 16000, "cuda"), resample(sound, 44100, 16000))


def test_a_torchaudio_of_another_torch_hurts_nobody(tmp_path: Path) -> None:
    """As `pip install torchaudio` leaves it beside a CPU build of torch."""
    model = tmp_path / "model"
    save("hubert", model)
    (tmp_path / "site" / "torchaudio").mkdir(parents=True)
    reason = "libcudart.so.13: cannot open shared object file: No such file or directory"
    (tmp_path / "site" / "torchaudio" / "__init__.py").write_text(f"raise OSError({reason!r})\n")
    (tmp_path / "site" / "torchaudio-2.11.0.dist-info").mkdir()
    text = "Metadata-Version: 2.1\nName: torchaudio\nVersion: 2.11.0\n"
    (tmp_path / "site" / "torchaudio-2.11.0.dist-info" / "METADATA").write_text(text)
    code = (
        "import sys; from pathlib import Path; import numpy as np\n"
        "from persian_mir.audio.resample import resample\n"
        "from persian_mir.backbones.loading import load_folder\n"
        "sound = resample(np.ones(44100, np.float32), 44100, 16000, 'cuda')\n"
        "backbone = load_folder(Path(sys.argv[1]), 'local/it', 'local', 'cpu', 'exact', 'torch')\n"
        "print(len(sound), backbone.embed(sound[None], [0]).shape)\n"
    )
    paths = os.pathsep.join(map(str, [tmp_path / "site", *filter(None, sys.path)]))
    done = subprocess.run(
        [sys.executable, "-c", code, str(model)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": paths},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "16000 (1, 1, 48)"
