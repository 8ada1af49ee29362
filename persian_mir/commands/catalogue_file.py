"""Which catalogue a command works on: `--catalogue FILE`, or the user's own."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from persian_mir.errors import PersianMirError
from persian_mir.i18n import _

if TYPE_CHECKING:
    from persian_mir.catalogue.catalogue import Catalogue


def add_catalogue(parser: argparse.ArgumentParser) -> None:
    """Declare the option."""
    parser.add_argument(
        "--catalogue", type=Path, metavar="FILE", help=_("the catalogue (default: the one in the data folder)")
    )


def open_catalogue(args: argparse.Namespace, *, begin: bool = False) -> Catalogue:
    """Open it. Raises PersianMirError where a named one is not there and none is to be begun."""
    from persian_mir.catalogue.catalogue import Catalogue

    path: Path | None = args.catalogue
    if path is not None and not begin and not path.exists():
        raise PersianMirError(_("There is no such catalogue."), path=path, cure=_("Check the name."))
    return Catalogue.open(path)
