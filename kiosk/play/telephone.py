"""A telephone with electronic business licences, as the person at the desk holds one."""

from __future__ import annotations

import json
from pathlib import Path

import requests

TIMEOUT = 10.0


class NoLicence(Exception):
    """The population has no such enterprise, or the intake gives no code for it."""


class Telephone:
    """Shows codes of the synthetic population's enterprises.

    Args:
        url: address of the intake's pages.
        population: the population's file.
    """

    def __init__(self, url: str, population: Path) -> None:
        self._url = url
        self._population = population

    def code(self, ref: str) -> str:
        """Return the text of a fresh code of an enterprise's licence.

        Raises:
            NoLicence: nobody knows the enterprise.
        """
        document = json.loads(self._population.read_bytes())
        found = next((one for one in document["enterprises"] if one["ref"] == ref), None)
        if found is None:
            raise NoLicence(ref)
        with requests.Session() as http:
            http.trust_env = False
            reply = http.post(f"{self._url}/ebl/{found['uscc']}/code", timeout=TIMEOUT)
        if reply.status_code != requests.codes.ok:
            raise NoLicence(f"{ref}: {reply.status_code}")
        return str(reply.json()["text"])
