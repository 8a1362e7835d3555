"""Two applications, in one process or several: edges, workers, limits, faults on command."""
