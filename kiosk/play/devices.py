"""The simulated devices' control interface, as a hand at the desk."""

from __future__ import annotations

from pathlib import Path

import requests

TIMEOUT = 10.0


class ControlFailed(Exception):
    """The control page refused; says what it answered."""


class Devices:
    """Cards, codes and paper on the simulated devices."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._http = requests.Session()
        self._http.trust_env = False

    def do(self, device: str, **command: object) -> None:
        """Send one command, e.g. ``do("id-reader", put="chen-xiaoyun")``.

        Raises:
            ControlFailed: the device or the command is not known there.
        """
        reply = self._http.post(f"{self._url}/api/{device}", json=command, timeout=TIMEOUT)
        if reply.status_code != requests.codes.ok:
            raise ControlFailed(f"{device} {command}: {reply.status_code} {reply.text[:200]}")

    def papers(self) -> list[dict[str, object]]:
        """Return every slip that came out so far, oldest first."""
        reply = self._http.get(f"{self._url}/api/printer/papers", timeout=TIMEOUT)
        papers = reply.json()
        if not isinstance(papers, list):
            raise ControlFailed("papers are no list")
        return papers

    def save_paper(self, paper: dict[str, object], path: Path) -> Path:
        """Write the picture of a slip as PNG."""
        reply = self._http.get(f"{self._url}{paper['png']}", timeout=TIMEOUT)
        reply.raise_for_status()
        path.write_bytes(reply.content)
        return path
