"""Making a submission, and handing it to the agent.

Theory of operation
-------------------
A form is *prepared* once: submission id, local number, slip token, canonical envelope, sealed into
a frozen memory file.  Handing the same form over again sends the same file under the same id, so a
hand-over whose answer was lost can be repeated: the agent stores it once.  A changed form is a new
submission.

The words follow from the agent's answer and nothing else: *stored* after its commit reply, not
stored after a refusal, and *unanswered* when a hand-over began and nobody said how it ended.
"""

from __future__ import annotations

import os
import secrets
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from kiosk.channel import ChannelError, Client, Refused
from kiosk.crypto import PublicKeys, provider
from kiosk.crypto.sealed import Submission, seal_to_memory_file
from kiosk.domain.application import Applicant, Application, answers, local_no
from kiosk.domain.catalogue import Catalogue
from kiosk.domain.consent import Consent
from kiosk.domain.envelope import Envelope
from kiosk.domain.receipt import Outcome, progress_url
from kiosk.journey.effects import Submit
from kiosk.journey.facts import Answer, Stored, Trouble
from kiosk.session import reading
from kiosk.session.belongings import Belongings, Photo, gathered

TRIES = 3
"""Hand-overs before the citizen is told that nobody answered."""
BETWEEN_TRIES_S = 0.5
HAND_OVER_S = 10.0

_NONE: dict[str, bytes] = {}
NO_PHOTOS: Photo = _NONE.__getitem__
"""For things without materials to photograph."""

_TROUBLE = {"disk_full": "disk_full", "too_large": "too_large"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Prepared:
    """A submission that is ready to be handed over; ``fd`` is the sealed memory file."""

    effect: Submit
    """What it was made of, without its ticket."""
    submission_id: str
    local_no: str
    code: str
    thing: str
    fd: int
    size: int


class Desk:
    """Hands the submissions of one visit to the agent."""

    def __init__(
        self,
        agent: Path,
        secret: str,
        *,
        catalogue: Catalogue,
        keys: PublicKeys,
        public_url: str,
        wait_s: float,
        clock: Callable[[], datetime],
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take what a submission is made of.

        Args:
            agent: the agent's socket.
            secret: the session role's secret.
            catalogue: where forms and consents come from.
            keys: whom to seal to.
            public_url: base address of the public progress page.
            wait_s: seconds to wait for the intake's number.
            clock: the moment now, with its zone.
            ticks: seconds of the clock that readings of cards are timed with.
        """
        self._agent = agent
        self._secret = secret
        self._catalogue = catalogue
        self._keys = keys
        self._public_url = public_url
        self._wait_s = wait_s
        self._clock = clock
        self._ticks = ticks
        self._prepared: Prepared | None = None
        self._begun = False  # the agent may have it

    @property
    def perhaps_stored(self) -> bool:
        """Whether the agent may have it: it was begun, and no word came since."""
        return self._begun

    def hand_over(
        self,
        visit: str,
        effect: Submit,
        consents: tuple[Consent, ...],
        before: Callable[[str], None] = lambda _local_no: None,
        photo: Photo = NO_PHOTOS,
    ) -> Stored | Trouble:
        """Check the room, hand over, and return only after the agent's commit.

        ``before`` hears the local number before the first byte leaves: from then on nobody but
        the agent knows for certain what is stored.  ``photo`` gives the bytes of kept pictures.
        """
        wrong = self._unfit(effect)
        if wrong is not None:  # an earlier form of this visit may be stored all the same
            return Trouble(reason="unanswered" if self._begun else wrong)
        try:
            ready = self._prepare(effect, consents, photo)
        except LookupError:
            return Trouble(reason="damaged")
        before(ready.local_no)
        for attempt in range(TRIES):
            if attempt:
                time.sleep(BETWEEN_TRIES_S)
            perhaps_stored = self._begun
            try:
                self._try(visit, ready)
            except Refused as refused:
                if perhaps_stored or refused.code == "internal":  # no word on what is stored
                    break
                self._begun = False
                return Trouble(reason=_TROUBLE.get(refused.code, "damaged"))
            except ChannelError:
                continue
            return Stored(local_no=ready.local_no, code=ready.code)
        return Trouble(reason="unanswered" if self._begun else "agent_down")

    def _try(self, visit: str, ready: Prepared) -> None:
        with self._connect() as agent:
            if not self._begun:
                agent.call("room", bytes=ready.size)
            self._begun = True
            agent.call("submit", fds=(ready.fd,), visit=visit, **_named(ready))

    def outcome(self, visit: str) -> Answer:
        """Wait for the intake's answer; without one the submission is stored, and that is true."""
        at = self._clock()
        if self._prepared is None:
            return Answer(outcome=Outcome.STORED, at=at)
        try:
            with self._connect() as agent:
                told = agent.call(
                    "state",
                    visit=visit,
                    submission_id=self._prepared.submission_id,
                    wait=self._wait_s,
                )
        except ChannelError:
            return Answer(outcome=Outcome.STORED, at=at)
        return _answer(told, at)

    def close(self) -> None:
        """Let the sealed file go; the agent has its own."""
        if self._prepared is not None:
            os.close(self._prepared.fd)
            self._prepared = None
            self._begun = False

    def _connect(self) -> Client:
        return Client(self._agent, "session", self._secret, timeout=HAND_OVER_S + self._wait_s)

    def _unfit(self, effect: Submit) -> str | None:
        """Name what is wrong with the readings of a card; what is sealed already stays good."""
        if self._prepared is not None and self._prepared.effect == replace(effect, ticket=0):
            return None
        again = effect.signed.card if effect.signed else None
        ticks, at = self._ticks(), self._clock()
        found = (reading.unfit(card, ticks=ticks, at=at) for card in (effect.card, again) if card)
        return next((wrong for wrong in found if wrong), None)

    def _prepare(self, effect: Submit, consents: tuple[Consent, ...], photo: Photo) -> Prepared:
        """Return the submission of what is submitted, made once."""
        same = replace(effect, ticket=0)
        if self._prepared is not None and self._prepared.effect == same:
            return self._prepared
        self.close()
        promised = next((own.time for own in consents if own.purpose == "commitment"), "")
        own = gathered(effect, self._catalogue, photo, self._clock(), promised)
        application = self._application(effect, consents, own)
        body = Envelope(application=application, attachments=own.files.attachments).canonical()
        fd, size = seal_to_memory_file(
            provider(self._keys.provider),
            Submission(
                submission_id=application.submission_id,
                body=body,
                attachments=own.files.bodies,
                jurisdiction=application.jurisdiction,
            ),
            self._keys.recipients,
        )
        self._prepared = Prepared(
            effect=same,
            submission_id=application.submission_id,
            local_no=application.local_no,
            code=progress_url(self._public_url, application.local_no, application.slip_token),
            thing=application.thing,
            fd=fd,
            size=size,
        )
        return self._prepared

    def _application(
        self, effect: Submit, consents: tuple[Consent, ...], own: Belongings
    ) -> Application:
        moment = self._clock()
        submission_id = str(uuid.uuid4())
        person, values = effect.card.person, effect.form.values()
        return Application(
            submission_id=submission_id,
            local_no=local_no(self._keys.terminal, moment.date(), submission_id),
            slip_token=secrets.token_hex(8),
            thing=effect.thing.code,
            items=tuple(item.code for item in effect.items),
            jurisdiction=self._catalogue.jurisdiction.code,
            catalogue_version=self._catalogue.version,
            applicant=Applicant(
                name=person.name,
                id_no=person.id_no,
                mobile=values.get(f"{effect.role}.mobile", ""),
            ),
            role=effect.role,
            situations=dict(effect.situations),
            materials=own.materials,
            commitments=own.commitments,
            delivery=own.delivery,
            signature=own.signature,
            fields=answers(effect.form),
            consents=consents,
            evidence=effect.card.evidence,
            terminal=self._keys.terminal,
            created_at=moment.isoformat(),
            enterprise=effect.enterprise,
        )


def _named(ready: Prepared) -> dict[str, object]:
    """Return what the agent may know of a submission."""
    return {
        "submission_id": ready.submission_id,
        "local_no": ready.local_no,
        "thing": ready.thing,
        "size": ready.size,
    }


def _answer(told: dict[str, object], at: datetime) -> Answer:
    """Read the agent's word on a submission."""
    number, items = told.get("application_no"), told.get("items")
    if told.get("state") == "submitted" and isinstance(number, str):
        pairs = items if isinstance(items, list) else []
        numbers = tuple((str(one["item"]), str(one["no"])) for one in pairs)
        return Answer(outcome=Outcome.SUBMITTED, application_no=number, items=numbers, at=at)
    if told.get("state") == "refused":
        return Answer(outcome=Outcome.REFUSED, reason=str(told.get("reason") or ""), at=at)
    return Answer(outcome=Outcome.STORED, at=at)
