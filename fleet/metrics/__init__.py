"""The fleet as figures for Prometheus: counted when it asks, of no terminal by name.

`kiosk-fleet serve --metrics-token FILE` serves them at ``/metrics`` to who brings the file's token
(``Authorization: Bearer``, Prometheus' ``authorization.credentials_file``). Without the option
there is no such page. A label for each of ten thousand terminals would make ten thousand series of
each figure; who wants one terminal looks at its page.
"""

from fleet.metrics.exposition import Metrics

__all__ = ["Metrics"]
