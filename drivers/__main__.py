"""`python -m drivers`: the same as its console script."""

import sys

from drivers.cli import main

sys.exit(main())
