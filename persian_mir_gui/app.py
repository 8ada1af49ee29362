"""The program: builds the services and the window, connects them, runs until the window is closed."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from persian_mir import __version__
from persian_mir.commands.arguments import command_line
from persian_mir.i18n import _
from persian_mir.logs import logging_to_file
from persian_mir.progress import Progress
from persian_mir_gui.core.garbage import Collector
from persian_mir_gui.core.keyboard import PersianKeys
from persian_mir_gui.core.language import choose_language, speak
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.display import NO_SCREEN, has_display, label_in_terminal, missing_library
from persian_mir_gui.shell.main_window import MainWindow
from persian_mir_gui.shell.place import ReturnToPlace
from persian_mir_gui.shell.services import Services, build_services, close_services
from persian_mir_gui.shell.window_wiring import build_main_window, show_examples
from persian_mir_gui.widgets.icons import icon
from persian_mir_gui.widgets.theme_source import SystemThemes

log = logging.getLogger(__name__)
GRACE_S = 0.2
ENDINGS = ("SIGINT", "SIGTERM", "SIGHUP")  # Ctrl+C, the log-out, a terminal that was closed; Windows lacks the last
SIGNAL_CHECK_MS = 200  # Python sees a signal only when some Python runs


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = command_line("persian-mir-gui", _("The window of Persian MIR: recordings in, labels out."))
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help=_("recordings, or folders of them"))
    parser.add_argument("--examples", action="store_true", help=_("open the synthesised example recordings"))
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Show the window until it is closed; where there is no display, label in the terminal. Returns the exit code."""
    args = parse(argv)
    with logging_to_file():
        library = missing_library()
        if not library and has_display():
            return _show(args)
    return label_in_terminal(args.files, args.examples, library or NO_SCREEN)


def _show(args: argparse.Namespace) -> int:
    environment = dict(os.environ)  # as the user has it: the language is written into it
    app = QApplication(sys.argv[:1])
    window = build_program(app, args).window
    window.restart_wanted.connect(lambda: restart(app, window, environment))
    window.show()
    stop_on_signals(app, window)
    code = app.exec()
    sys.excepthook = sys.__excepthook__
    leave_if_stuck(code)
    return code


def restart(app: QApplication, window: MainWindow, environment: Mapping[str, str]) -> None:
    """Close the window as its own button does, then start the program anew; it opens what is open now."""
    app.aboutToQuit.connect(lambda: subprocess.Popen([sys.executable, "-m", "persian_mir_gui"], env=environment))
    window.close()


def leave_if_stuck(code: int) -> None:
    """One thread that would not stop in time must not hold up the end: Python waits for those that read a network
    file, and PortAudio for a sound server that died.
    """
    working = [thread for thread in threading.enumerate() if thread.name.startswith(("job", "playback", "live"))]
    for thread in working:
        thread.join(GRACE_S)  # one whose work has ended needs a moment to end itself
    if any(thread.is_alive() for thread in working):
        log.warning("some work would not stop; leaving all the same")
        logging.shutdown()
        os._exit(code)


@dataclass(frozen=True, slots=True)
class Program:
    """What runs: the window, and the services behind it."""

    window: MainWindow
    services: Services


def build_program(app: QApplication, args: argparse.Namespace) -> Program:
    """Make the window with everything behind it. Once it is shown, the plots are loaded; then files are opened."""
    set_identity(app)
    speak(app, choose_language(str(Settings().get("language"))))
    services = build_services(app)
    themes = SystemThemes(app, services.settings)
    window = build_main_window(services, themes)
    themes.setParent(window)
    PersianKeys(app, window)
    Collector(window)
    window.closed.connect(lambda: close_services(services))
    report_defects(services)
    QTimer.singleShot(0, window, lambda: load_then_open(args, services))
    return Program(window, services)


def set_identity(app: QApplication) -> None:
    """The program's name and picture, as the desktop shows them."""
    app.setApplicationName("persian-mir")
    app.setApplicationDisplayName("Persian MIR")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("persian-mir")
    app.setStyle("Fusion")
    app.setWindowIcon(icon("window", QColor("#6cb6ff")))


def load_then_open(args: argparse.Namespace, services: Services) -> None:
    """Load what draws recordings on a worker: on the GUI thread it would hold up the first one for 0.1 s."""
    job = services.io.start("", load_plots)
    for ended in (job.done, job.failed):
        ended.connect(lambda _news: open_first(args, services))


def load_plots(_progress: Progress) -> None:
    """Import pyqtgraph, and what draws a recording with it."""
    import persian_mir_gui.timeline.panes  # noqa: F401


def open_first(args: argparse.Namespace, services: Services) -> None:
    """Open what the command line names; without it, what was open when the program last ended."""
    if args.examples:
        show_examples(services)
    if args.files:
        services.session.open_paths(args.files)
    elif not args.examples:
        ReturnToPlace(services.settings, services.session, services.timeline, services.player, services.session)
        before = [Path(name) for name in services.settings.get("open_files")]
        services.session.open_paths(before, remember=False)


def report_defects(services: Services) -> None:
    """An exception that nothing caught becomes a message and a traceback in the log; the program goes on."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            services.messages.error(error)

    sys.excepthook = hook


def stop_on_signals(app: QApplication, window: MainWindow) -> None:
    """Ctrl+C in the terminal and the end of the session close the window as its own button does: nothing is lost."""
    # Not at once: the signal may arrive in the middle of painting.
    for number in (getattr(signal, name) for name in ENDINGS if hasattr(signal, name)):
        signal.signal(number, lambda _number, _frame: QTimer.singleShot(0, window, window.close))
    timer = QTimer(app)
    timer.timeout.connect(lambda: None)
    timer.start(SIGNAL_CHECK_MS)
