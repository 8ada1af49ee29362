"""Every option of a fit is declared once and travels everywhere: command line, JSON, probe, card, and back."""

from __future__ import annotations

import json
import math
from argparse import ArgumentTypeError
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persian_mir.backbones import SIGNAL, load_backbone
from persian_mir.errors import PersianMirError
from persian_mir.grid import MIN_HOP_S
from persian_mir.probes import load_probe, save_probe
from trainer.__main__ import parser
from trainer.data import read_dataset
from trainer.fitting.fit import fit_probe
from trainer.fitting.fit_options import FitOptions, layer_numbers, recorded_options
from trainer.fitting.options import declared
from trainer.fitting.training_data import TrainingData
from trainer.reports.card import html

OTHER = FitOptions(
    hidden=(8, 4), epochs=3, lr=0.0123456789, batch=16, dropout=0.123, patience=0, seed=7, optimizer="adamw",
    weight_decay=0.01, schedule="plateau", class_weights="balanced", mix="concat", task="instrument", backbone=SIGNAL,
    features="both", layers="0", window_s=2.0, hop_s=1.5, views=1, others=6, split="recording",
)  # fmt: skip
NAMES = list(declared(FitOptions))


@pytest.fixture(scope="module")
def probe(corpus, tmp_path_factory):
    """Fitted with nothing as usual, written and read back."""
    path = tmp_path_factory.mktemp("options") / "x.probe"
    examples = TrainingData(read_dataset(corpus, "instrument").entries)
    save_probe(fit_probe(examples, OTHER, load_backbone(SIGNAL)).probe, path)
    return load_probe(path)


def test_every_field_is_declared_and_none_of_the_others_is_usual():
    assert [field.name for field in fields(FitOptions)] == NAMES
    assert {name for name in NAMES if getattr(OTHER, name) == getattr(FitOptions(), name)} == {"backbone"}


@pytest.mark.parametrize("name", NAMES)
def test_an_option_survives_the_command_line(name):
    options = replace(FitOptions(), **{name: getattr(OTHER, name)})
    taken = parser().parse_args(options.arguments(Path("d"), Path("p"), Path("e"), Path("a")))
    assert FitOptions(**{one: getattr(taken, one) for one in NAMES}) == options


def unpacked(values):
    return FitOptions(**values)


def anything(one):
    """Whatever an option can be."""
    if one.choices():
        return st.sampled_from(sorted(one.choices()))
    if isinstance(one.usual, tuple):
        return st.lists(st.integers(int(one.least), int(one.most)), max_size=one.many).map(tuple)
    if isinstance(one.usual, str):
        return st.just("m/model")
    return st.floats(one.least, one.most) if isinstance(one.usual, float) else st.integers(one.least, one.most)


@given(st.fixed_dictionaries({name: anything(one) for name, one in declared(FitOptions).items()}).map(unpacked))
def test_whatever_was_chosen_arrives_to_the_last_bit(options):
    taken = parser().parse_args([*options.arguments(Path("d"), Path("p"), Path("e")), "--json"])
    assert FitOptions(**{one: getattr(taken, one) for one in NAMES}) == options
    assert FitOptions.from_dict(json.loads(json.dumps(options.as_dict()))) == options


def test_the_terminal_and_the_window_have_the_same_usual_values():
    taken = parser().parse_args(["fit", "--data", "d", "--out", "p", "--task", FitOptions().task])
    assert FitOptions(**{one: getattr(taken, one) for one in NAMES}) == FitOptions()


@pytest.mark.parametrize("name", ["window_s", "hop_s"])
def test_every_segment_that_can_be_chosen_can_be_laid(name):
    one = declared(FitOptions)[name]
    for value in (one.least, one.most, *([] if one.zero is None else [0.0])):
        assert replace(FitOptions(), **{name: one.checked(value)}).grid.hop_s >= MIN_HOP_S


def test_options_survive_json():
    assert FitOptions.from_dict(json.loads(json.dumps(OTHER.as_dict()))) == OTHER
    assert set(OTHER.as_dict()) == set(NAMES)
    assert FitOptions.from_dict({}) == FitOptions()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("hidden", "512"), ("hidden", [0]), ("hidden", [8] * 6), ("hidden", [1.5]), ("epochs", 0), ("epochs", 2.0),
        ("epochs", True), ("lr", math.nan), ("lr", 100.0), ("lr", "1"), ("dropout", 0.999), ("seed", 2**31),
        ("patience", -1), ("batch", 10**400), ("window_s", math.inf), ("task", "genre"), ("mix", None),
        ("layers", "6,,7"), ("hop_s", 0.005), ("window_s", 0.05), ("optimizer", ["adam"]), ("backbone", ""),
    ],
)  # fmt: skip
def test_senseless_values_are_refused(name, value):
    with pytest.raises(ValueError, match=name):
        FitOptions.from_dict({name: value})
    with pytest.raises(ArgumentTypeError):
        declared(FitOptions)[name].parsed("no" if name != "backbone" else "")


def test_a_probe_knows_how_it_was_fitted(probe):
    assert recorded_options(probe) == (OTHER, ())


def test_a_retraining_is_asked_for_with_the_options_of_the_probe(probe):
    options, _unknown = recorded_options(probe)
    taken = parser().parse_args(options.arguments(Path("d"), Path("p"), Path("e")))
    assert {name: getattr(taken, name) for name in NAMES} == {name: getattr(OTHER, name) for name in NAMES}


def test_a_probe_of_an_earlier_version_tells_its_hyperparameters(probe):
    """They stood among the notes; how the data were to be split did not."""
    flat = {key: value for key, value in OTHER.as_dict().items() if key not in ("task", "backbone", "layers", "split")}
    notes = {key: value for key, value in probe.training.items() if key != "options"}
    options, unknown = recorded_options(replace(probe, training={**notes, **flat}))
    assert options == replace(OTHER, layers="all", split="auto")
    assert [one.name for one in unknown] == ["split"]


def test_what_no_note_tells_is_named(probe):
    options, unknown = recorded_options(replace(probe, training={"lr": "fast", "dropout": 7}))
    read = {"hidden", "mix", "task", "backbone", "features", "window_s", "hop_s", "layers"}  # the probe itself shows it
    assert {one.name for one in unknown} == set(NAMES) - read
    assert (options.hidden, options.features, options.mix, options.hop_s) == ((8, 4), "both", "concat", 1.5)
    assert options.lr == FitOptions().lr


def test_the_card_names_every_option(probe):
    page = html(probe, "x.probe", {})
    for name, one in declared(FitOptions).items():
        assert f">{one.title()}</th>" in page, name
        assert f"<bdi>{one.shown(getattr(OTHER, name))}</bdi>" in page, name


def test_hidden_states_are_chosen_by_number():
    assert [layer_numbers(text, 3) for text in ("all", "last", "2, 0")] == [(0, 1, 2), (2,), (2, 0)]
    for wrong in ("", "3", "1,1", "0;1", "-1"):
        with pytest.raises(PersianMirError, match="hidden states"):
            layer_numbers(wrong, 3)
    with pytest.raises(PersianMirError, match="Several"):
        FitOptions(mix="single").states(3)
