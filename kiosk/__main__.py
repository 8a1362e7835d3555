"""`python -m kiosk`: the same as its console script."""

import sys

from kiosk.cli import main

sys.exit(main())
