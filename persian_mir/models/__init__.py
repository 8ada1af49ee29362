"""Which models exist, which are installed, and how they are fetched when the user asks."""

from persian_mir.models.config import Architecture, read_architecture
from persian_mir.models.store import InstalledModel, add_folder, find_installed, installed, remove
from persian_mir.models.table import MODELS, SIGNAL, ModelRow, find_row

__all__ = [
    "MODELS",
    "SIGNAL",
    "Architecture",
    "InstalledModel",
    "ModelRow",
    "add_folder",
    "find_installed",
    "find_row",
    "installed",
    "read_architecture",
    "remove",
]
