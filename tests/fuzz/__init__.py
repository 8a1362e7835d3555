"""Fuzz targets: one module each, ``fuzz_NAME.py``, run by ``make fuzz SECONDS=…``.

A target has ``SEEDS`` (bytes that mean something) and ``one_input(data)``, which raises when the
code under it does anything but give a named outcome. What a campaign finds becomes a test.
"""
