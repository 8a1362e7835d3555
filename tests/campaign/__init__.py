"""The campaigns behind "nothing lost, nothing twice"; docs/reliability.md tells what each one is.

Each prints its seed, counts and a verdict, and goes on where it was stopped. A small edition of
each runs with all tests.
"""
