"""The connections between the window and the services that neither of them can make alone."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer

from persian_mir import plurals
from persian_mir.i18n import _
from persian_mir.labels import label_ids, ordered
from persian_mir.progress import Progress
from persian_mir_gui.archive.similar_desk import By
from persian_mir_gui.library import item_text
from persian_mir_gui.library.session import Item
from persian_mir_gui.review.segment_menu import SegmentMenu
from persian_mir_gui.review.statements import Statements
from persian_mir_gui.shell.actions import ActionSet
from persian_mir_gui.shell.after_opening import LabelOnOpen, OpenAt
from persian_mir_gui.shell.commands import Commands
from persian_mir_gui.shell.exports import Exports
from persian_mir_gui.shell.item_actions import ItemActions
from persian_mir_gui.shell.main_window import MainWindow
from persian_mir_gui.shell.menus import Menus, menu_titles
from persian_mir_gui.shell.panes import build_panes
from persian_mir_gui.shell.place import remember_open
from persian_mir_gui.shell.services import Services
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.label_dialog import ask_label
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import bring_forward

RESTING_MS = 1000  # after which what is open is written down
MERT = "m-a-p/MERT-v1-95M"  # what a newcomer is shown first


def build_main_window(services: Services, themes: ThemeSource) -> MainWindow:
    """Make the window with its menus, and do what it wishes."""
    s = services
    window = MainWindow(
        build_panes(s, themes), s.settings, s.session, s.labelling, s.player, s.readings, s.tones, s.review
    )
    commands = Commands(
        s.settings,
        s.messages,
        s.timeline,
        s.session,
        s.labelling,
        s.player,
        s.tones,
        window,
        window.restart_wanted.emit,
    )
    profile = window.inspector.why.profile
    exports = Exports(s.io, s.settings, s.messages, s.session, s.readings, s.review, window, window.timeline, profile)
    item_actions = ItemActions(s.ledger, s.items, s.timeline, window)
    actions = _build_menus(window, s, commands, exports, item_actions)
    recent = actions.menus["file.recent"]
    recent.aboutToShow.connect(lambda: commands.fill_recent(recent))
    window.take_actions(actions, commands.open_paths)
    _connect(window, services)
    _connect_items(window, item_actions, actions)
    item_actions.similar_wanted.connect(
        lambda by: window.similar.ask_for_words() if by == "words" else find_similar(services, by)
    )
    segment_menu = SegmentMenu(s.review, s.timeline, s.player, window, exports.ask_sound)
    window.timeline.menu_wanted.connect(segment_menu.show)
    LabelOnOpen(services.session, services.labelling, services.settings, window)
    return window


def _build_menus(
    window: MainWindow, services: Services, commands: Commands, exports: Exports, items: ItemActions
) -> ActionSet:
    s = services
    acted_on = (s.settings, s.session, s.timeline, s.labelling, s.player, s.readings, s.tones, s.review)
    rows = Menus(window, commands, exports, *acted_on, items).rows()
    guests = {"predictors": window.top.predictors.menu, "device": window.top.devices}
    return ActionSet(window.menuBar(), window, menu_titles(), rows, guests)


def _connect_items(window: MainWindow, items: ItemActions, actions: ActionSet) -> None:
    """The Edit menu follows what can be undone; the timeline asks for the form and the menu of an item."""

    def refresh() -> None:
        for name, text in items.texts().items():
            actions.rename(name, text)
        actions.refresh()

    items.refreshed = refresh
    window.timeline.item_form_wanted.connect(items.describe)
    window.timeline.item_menu_wanted.connect(items.show_menu)
    items.look()


def _connect(window: MainWindow, services: Services) -> None:

    def try_again(item: Item) -> None:
        if item.state == "failed":
            services.session.retry(item)
        else:
            services.labelling.label([item])

    services.timeline.selection_settled.connect(services.player.set_range)
    resting = QTimer(window, singleShot=True, interval=RESTING_MS)  # a folder of thousands comes in many parts
    resting.timeout.connect(lambda: remember_open(services.settings, services.session))
    for news in (services.session.added, services.session.removed):  # not at the end only: who is killed goes on, too
        news.connect(lambda _items: resting.start())
    window.retry_wanted.connect(try_again)
    _connect_list(window, services.review.statements)
    services.live.failed.connect(services.messages.post)
    services.training.message_posted.connect(
        lambda message: None if window.trainer.isVisible() else services.messages.post(message)
    )
    services.live.taken.connect(lambda path: services.session.open_paths([path]))
    services.similar.models_wanted.connect(window.models.appear)
    window.card.models_wanted.connect(lambda: window.models.appear(MERT))
    connect_people(services)
    window.archive.alike_wanted.connect(services.similar.like_recordings)
    services.batch.ended.connect(lambda _outcome: services.similar.grow())
    there = OpenAt(services.session, services.timeline, services.player, window)
    window.similar.open_wanted.connect(there.open)
    window.archive.batch_wanted.connect(window.batch.appear)
    window.archive.open_wanted.connect(services.session.open_paths)
    for elsewhere in (window.similar, window.archive):  # they may cover what is shown in the main one
        elsewhere.open_wanted.connect(lambda *_what: bring_forward(window))
    archive = window.archive.messages
    services.ledger.failed.connect(
        lambda message: (archive if archive.window().isVisible() else services.messages).post(message)
    )
    window.card.trainer_wanted.connect(window.trainer.appear)
    services.training.models_wanted.connect(window.models.appear)
    window.examples_wanted.connect(lambda: show_examples(services))


def connect_people(services: Services) -> None:
    """What people say in the main window the catalogue knows, and the reverse."""
    services.ledger.wrote.connect(services.review.statements.refresh)
    services.review.statements.changed.connect(services.ledger.hear_people)


def find_similar(services: Services, by: By) -> None:
    """Look for passages like what is selected."""
    current, selection = services.session.current, services.timeline.selection
    if current is not None and selection is not None:
        services.similar.like_passage(current.path, selection, by, services.timeline.rate, item_text.title(current))


def _connect_list(window: MainWindow, statements: Statements) -> None:
    """What a person says of whole recordings in the list is kept with all other statements."""

    def ask(items: list[Item], task: str) -> None:
        question = whole_question(task, len(items))
        known = label_ids(task) or ordered(task, (one.label for one in statements.teachable(task)))
        given = items[0].said[task].label if task in items[0].said else ""
        ask_label(window, question, task, known, given, lambda label: statements.say_whole(items, task, label))

    menu = window.sidebar.menu
    menu.accepted.connect(statements.accept_whole)
    menu.labelled.connect(statements.say_whole)
    menu.taken_back.connect(statements.forget_whole)
    menu.name_wanted.connect(ask)
    window.inspector.answer.name_wanted.connect(ask)


def whole_question(task: str, count: int) -> str:
    """`Dastgah of 4 recordings, each as a whole:`."""
    if count == 1:
        return _("{task} of the whole recording:").format(task=formatting.task_name(task))
    text = _("{task} of {recordings}, each as a whole:")
    return text.format(task=formatting.task_name(task), recordings=formatting.digits(plurals.recordings(count)))


def show_examples(services: Services) -> None:
    """Make the example recordings on the worker, if they are not there, and open them."""
    text = _("Making the example recordings")
    job = services.io.start(text, make_examples)
    job.done.connect(services.session.open_paths)
    job.failed.connect(lambda error: services.messages.error(error, text))


def make_examples(progress: Progress) -> list[Path]:
    """Runs on the worker: the paths of the examples, made if they are not there."""
    from persian_mir.examples.examples import ensure_examples

    return ensure_examples(progress=progress)
