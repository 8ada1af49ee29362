"""What a command line says of itself and of what was typed, in the user's language."""

from __future__ import annotations

import argparse
import ast
from pathlib import Path

import pytest
import soundfile

from persian_mir.commands.argparse_texts import texts
from persian_mir.commands.arguments import command_line, count, integer, number, seconds, seconds_between
from persian_mir.commands.main import main
from persian_mir.commands.main import parser as listener
from persian_mir.examples.synthesise import synthesise
from trainer.__main__ import parser as trainer

ROOT = Path(__file__).parents[3]
OF_PROGRAMMERS = {  # what argparse says of a parser that is declared wrongly, or of what no parser of ours has
    "%r is not callable",
    "'required' is an invalid argument for positionals",
    ".__call__() not defined",
    'argument "-" with mode %r',
    "can't open '%(filename)s': %(error)s",
    "cannot have multiple subparser arguments",
    "cannot merge actions - two groups are named %r",
    "conflicting option string: %s",
    "conflicting option strings: %s",
    "conflicting subparser alias: %s",
    "conflicting subparser: %s",
    "dest= is required for options like %r",
    "invalid conflict_resolution value: %r",
    "invalid option string %(option)r: must start with a character %(prefix_chars)r",
    "mutually exclusive arguments must be optional",
    "subcommands",
    "%(prog)s: warning: %(message)s\n",
    "argument '%(argument_name)s' is deprecated",
    "command '%(parser_name)s' is deprecated",
    "option '%(option)s' is deprecated",
}


def texts_of_argparse() -> set[str]:
    """Those that this Python translates."""
    found = set()
    for node in ast.walk(ast.parse(Path(argparse.__file__).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "ngettext"):
            literals = (one.value for one in node.args if isinstance(one, ast.Constant))
            found |= {one for one in literals if isinstance(one, str)}
    return found


def test_all_that_this_pythons_argparse_says_is_known() -> None:
    assert texts_of_argparse()
    assert texts_of_argparse() - OF_PROGRAMMERS - {"expected %s arguments"} <= set(texts())


@pytest.mark.parametrize("package", ["persian_mir", "persian_mir_gui", "trainer"])
def test_every_command_line_is_begun_in_one_place(package: str) -> None:
    """Else its texts would be English, whatever the language."""
    tools = (ROOT / "trainer" / "theory", ROOT / "persian_mir" / "commands" / "arguments.py")  # of makers, in English
    found = [
        path
        for path in (ROOT / package).rglob("*.py")
        if "ArgumentParser(" in path.read_text(encoding="utf-8") and not set(tools) & {path, *path.parents}
    ]
    assert found == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["read", "a.wav", "--start", "1:0x"], ("--start", "«1:0x» زمان نیست", "1:05")),
        (["read"], ("این آرگومان‌ها لازم‌اند", "FILE")),
        (["label", "--format", "xml", "a.wav"], ("'xml'", "پذیرفته نیست", "'csv'")),
        (["lable"], ("'lable'", "پذیرفته نیست", "'label'")),
        (["label", "a.wav", "--colour", "red"], ("آرگومان‌های ناشناخته", "--colour red")),
        (["similar", "a.wav", "--stop"], ("--stop", "یک مقدار لازم است")),
        (["batch", "--cluster-tls", "a"], ("--cluster-tls", "مقدار لازم است")),
        (["recommend", "--keep", "a", "--drop", "b"], ("--drop", "همراه با")),
        (["search", "x", "--limit", "many"], ("--limit", "عددی درست از ۱ تا")),
        (["search", "x", "--limit", "9" * 30], ("--limit", "عددی درست از ۱ تا")),
        (["batch", "--priority", "9" * 30], ("--priority", "عددی درست از")),
    ],
)
def test_what_is_typed_wrongly_is_answered_in_the_users_language(
    arguments: list[str], words: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "fa")
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert all(word in said for word in (*words, "کاربرد: ", "خطا: "))
    assert not any(word in said for word in ("usage", "error", "argument ", "invalid", "expected", "required"))


def parsers(top: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    found = {top.prog: top}
    for action in top._actions:  # there is no other way to them
        if isinstance(action, argparse._SubParsersAction):
            for one in action.choices.values():
                found |= parsers(one)
    return found


@pytest.mark.parametrize("declared", [listener, trainer], ids=["persian-mir", "trainer"])
def test_no_help_has_a_heading_or_a_type_of_argparse(declared, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "fa")
    for name, one in parsers(declared()).items():
        shown = one.format_help()
        for english in ("usage:", "options:", "positional arguments:", "show this help", "show program's"):
            assert english not in shown, name
        for action in one._actions:  # their names would stand in a sentence: "invalid int value"
            assert action.type not in (int, float), f"{name}: {action.dest}"


def test_a_command_line_speaks_the_language_of_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "fa")
    assert command_line("x", "").format_usage().endswith("کاربرد: x [-h] [--version]\n")
    monkeypatch.setenv("LANGUAGE", "en")
    assert command_line("x", "").format_usage() == "usage: x [-h] [--version]\n"


@pytest.fixture(scope="module")
def segah(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "segah.flac"
    performance = synthesise("segah", "setar", seed=1, seconds=12.0, tonic_hz=233.0)
    soundfile.write(path, performance.samples, performance.rate)
    return path


@pytest.mark.parametrize("start", ["0:02", "00:00:02.0", "2", "۰:۰۲", "2,0", "۲٫۰"])
def test_a_stretch_is_read_however_its_start_is_written(
    start: str, segah: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "pitch.csv"
    assert main(["read", str(segah), "--start", start, "--stop", "0:11.5", "--pitch-csv", str(out)]) == 0
    first, *_rest, last = out.read_text(encoding="utf-8").splitlines()[1:]
    assert float(first.split(",")[0]) == pytest.approx(2, abs=0.02)
    assert float(last.split(",")[0]) == pytest.approx(11.5, abs=0.02)


@pytest.mark.parametrize("ends", ["--start 1e308", "--start 0:12.5", "--start -1", "--start 5 --stop 0:05"])
@pytest.mark.parametrize("command", ["read", "transcribe --as midi --out x.mid", "similar --among ."])
def test_a_stretch_that_is_none_is_told_by_every_command(
    command: str, ends: str, segah: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(segah.parent)
    assert (
        main(
            [*command.split(), *ends.split(), "segah.flac"]
            if "among" not in command
            else ["similar", "segah.flac", *ends.split(), "--among", "."]
        )
        == 2
    )
    assert "segah.flac: --start must be 0 or later" in capsys.readouterr().err
    assert [path.name for path in segah.parent.iterdir()] == ["segah.flac"]


def test_numbers_are_read_in_digits_of_any_script_and_within_their_bounds() -> None:
    assert (number("۰٫۵", 0, 1), number("0,5", 0, 1), count("۱۲"), integer("-3")) == (0.5, 0.5, 12, -3)
    assert (seconds("1:00:00"), seconds("-1.5"), seconds_between("0:05", 0.1, 600)) == (3600, -1.5, 5)
    for reader, text in ((count, "0"), (count, "1.5"), (count, "9" * 5000), (integer, "two"), (seconds, "nan")):
        with pytest.raises(argparse.ArgumentTypeError):
            reader(text)
    for text in ("2", "nan", "inf", "-inf", "", "x"):
        with pytest.raises(argparse.ArgumentTypeError, match="a number from 0 to 1"):
            number(text, 0, 1)
