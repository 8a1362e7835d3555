"""A whole reference intake for tests: real process, real mutual TLS, real database.

Terminals, keys, evidence and applications are made by the same code that makes them on a terminal.
"""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import requests

from drivers.service.evidence import EvidenceSigner
from intake import population
from intake.service import problems
from kiosk.catalogue import files as catalogue_files
from kiosk.crypto import provider
from kiosk.crypto.certificates import Authority, Issued
from kiosk.crypto.keyring import read_signing_key
from kiosk.crypto.provision import provision
from kiosk.domain.application import Answer, Applicant, Application, local_no
from kiosk.domain.catalogue import Catalogue
from kiosk.domain.envelope import Attachment, Envelope, Signature
from kiosk.domain.identity import Evidence, SignedEvidence
from kiosk.gateway import IntakeClient
from kiosk.gateway.https import HttpsTransport
from tests.waiting import PATIENCE_S, until

REPOSITORY = Path(__file__).resolve().parent.parent
CONFIG = REPOSITORY / "config"
TERMINAL = "YD-TEST-0001"
DIVISION = "410700"
THING, ITEM = "medical-expenses", "remote-care-filing"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(REPOSITORY)}


@dataclass(kw_only=True)
class IntakeDesk:
    """One intake with one enrolled terminal, started on free ports."""

    state: Path
    database: str = ""
    config: Path = CONFIG
    options: tuple[str, ...] = ()
    provider_name: str = "international"
    api_url: str = ""
    page_url: str = ""
    process: subprocess.Popen[bytes] | None = None
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    session: requests.Session = field(default_factory=requests.Session)

    def __enter__(self) -> Self:
        provision(self.state, TERMINAL, self.provider_name)
        document = population.generate(7, 12)
        population.write(document, self.state / "population")
        self.people = {one["ref"]: one for one in document["people"]}
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def keys(self) -> Path:
        """Directory of the terminal's keys."""
        return self.state / "keys"

    @cached_property
    def catalogue(self) -> Catalogue:
        """The catalogue the intake was started with."""
        return catalogue_files.load(self.config, DIVISION)

    def command(self, ready: Path) -> list[str]:
        """Return the command line of the service."""
        words = (
            *(sys.executable, "-m", "intake", "serve", "--with-parent"),
            *("--db", self.database or f"sqlite:///{self.state}/intake.db"),
            *("--tls-cert", self.keys / "intake.crt", "--tls-key", self.keys / "intake.pem"),
            *("--tls-ca", self.keys / "ca.crt"),
            *("--terminals", self.state / "intake" / "terminals.json"),
            *("--population", self.state / "population" / "population.json"),
            *("--config", self.config, "--ready-file", ready, *self.options),
        )
        return [str(word) for word in words]

    def start(self) -> None:
        """Start the service and wait until it answers."""
        ready = self.state / "ready.json"
        ready.unlink(missing_ok=True)
        self.session = requests.Session()
        with (self.state / "intake.log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command(ready), cwd=REPOSITORY, stderr=log, env=ENVIRONMENT
            )
        process = self.process
        until(lambda: ready.exists() or process.poll() is not None)
        if not ready.exists():
            raise AssertionError((self.state / "intake.log").read_text())
        urls = json.loads(ready.read_text())
        self.api_url, self.page_url = urls["api_url"], urls["page_url"]

    def stop(self) -> int:
        """Ask the service to end and return its exit status."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=PATIENCE_S)

    def transport(self, **options: Any) -> HttpsTransport:
        """Return the terminal's own way to the API."""
        keys = self.keys
        return HttpsTransport(
            self.api_url,
            **{"cert": keys / "terminal.crt", "key": keys / "terminal.pem", "ca": keys / "ca.crt"}
            | options,
        )

    def client(self) -> IntakeClient:
        """Return a client over the terminal's own transport."""
        return IntakeClient(self.transport())

    def send(self, method: str, path: str, **options: Any) -> requests.Response:
        """Send anything over the terminal's certificate."""
        cert = (str(self.keys / "terminal.crt"), str(self.keys / "terminal.pem"))
        given: dict[str, Any] = {"cert": cert, "verify": str(self.keys / "ca.crt"), "timeout": 10}
        return self.session.request(method, self.api_url + path, **given | options)

    def page(self, method: str, path: str, **options: Any) -> requests.Response:
        """Send anything to the plain port."""
        return requests.request(method, self.page_url + path, timeout=PATIENCE_S, **options)

    def other_terminal(self, name: str) -> tuple[Path, Path]:
        """Return certificate and key of a terminal that is not enrolled, by the same authority."""
        authority = Authority.load(
            Issued(
                certificate=(self.keys / "ca.crt").read_bytes(),
                key=(self.state / "recovery" / "ca.pem").read_bytes(),
            )
        )
        issued = authority.client(name)
        cert, key = self.state / f"{name}.crt", self.state / f"{name}.pem"
        cert.write_bytes(issued.certificate)
        key.write_bytes(issued.key)
        return cert, key

    def evidence(
        self, ref: str, *, age: timedelta = timedelta(), visit: str = ""
    ) -> SignedEvidence:
        """Return the device host's evidence that this person's card was read."""
        signer = EvidenceSigner.load(self.keys / "evidence.pem", TERMINAL)
        statement, signature = signer.sign(
            visit or uuid.uuid4().hex, self.people[ref]["card"]["id_no"], datetime.now(UTC) - age
        )
        return SignedEvidence(
            evidence=Evidence(**statement), signature=base64.b64encode(signature).decode()
        )

    def application(self, ref: str = "chen-xiaoyun", **changes: Any) -> Application:
        """Return a complete, correct application of this person."""
        card = self.people[ref]["card"]
        submission_id = str(uuid.uuid4())
        now = datetime.now(UTC)
        catalogue = self.catalogue
        application = Application(
            submission_id=submission_id,
            local_no=local_no(TERMINAL, now.date(), submission_id),
            slip_token=uuid.uuid4().hex[:16],
            thing=THING,
            items=(ITEM,),
            jurisdiction=DIVISION,
            catalogue_version=catalogue.version,
            applicant=Applicant(name=card["name"], id_no=card["id_no"], mobile="15400000001"),
            fields=self.answers(ref),
            consents=(catalogue.consents["data_fetch"].given(now.isoformat()),),
            evidence=self.evidence(ref),
            terminal=TERMINAL,
            created_at=now.isoformat(timespec="seconds"),
        )
        return replace(application, **changes)

    def answers(self, ref: str) -> dict[str, Answer]:
        """Return a form without faults."""
        card = self.people[ref]["card"]
        tomorrow = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
        return {
            "person.name": Answer(value=card["name"], source="id_card"),
            "person.id_no": Answer(value=card["id_no"], source="id_card"),
            "person.mobile": Answer(value="15400000001", source="account"),
            "insurance.region": Answer(value=DIVISION, source="share:医保"),
            "insurance.status": Answer(value="1", source="share:医保"),
            "filing.kind": Answer(value="long_term_resident", source="user"),
            "filing.destination": Answer(value="330100", source="user"),
            "filing.start_date": Answer(value=tomorrow, source="user"),
        }

    def sign(self, envelope: bytes, **changes: str) -> Signature:
        """Return the terminal's signature over an envelope."""
        chosen = provider(self.provider_name)
        key = read_signing_key(self.keys, chosen)
        signature = Signature(
            terminal=TERMINAL,
            key_id=key.key_id,
            algorithm=chosen.signature_algorithm,
            signature=base64.b64encode(key.sign(envelope)).decode(),
        )
        return replace(signature, **changes)

    def submit(self, application: Application, *attachments: Attachment) -> requests.Response:
        """File an application and return the raw answer."""
        return self.submit_bytes(
            Envelope(application=application, attachments=attachments).canonical()
        )

    def submit_bytes(self, envelope: bytes, **changes: str) -> requests.Response:
        """File whatever bytes, rightly signed unless changed."""
        signature = self.sign(envelope, **changes)
        body: Mapping[str, object] = {
            "envelope": base64.b64encode(envelope).decode(),
            "signature": {
                "terminal": signature.terminal,
                "key_id": signature.key_id,
                "algorithm": signature.algorithm,
                "signature": signature.signature,
            },
        }
        return self.send("POST", "/v1/applications", json=body)


def problem_of(answer: requests.Response) -> dict[str, Any]:
    """Return the problem document of an answer, which has to be one."""
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert set(document) == {"code", "title_zh", "detail_zh", "field", "retryable", "help"}
    assert problems.catalogue()[document["code"]].status == answer.status_code
    assert "Traceback" not in answer.text
    return document
