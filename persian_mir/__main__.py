"""`python -m persian_mir` is `persian-mir`."""

import sys

from persian_mir.commands.main import main

sys.exit(main())
