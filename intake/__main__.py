"""`python -m intake`: the same as its console script."""

import sys

from intake.cli import main

sys.exit(main())
