"""The unified intake as one visit sees it: through the relay that the agent opened for it."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Sequence
from pathlib import Path

from kiosk import gateway
from kiosk.channel import ChannelError, Client
from kiosk.domain.application import EnterpriseSignIn
from kiosk.domain.catalogue import Catalogue
from kiosk.domain.consent import Consent
from kiosk.gateway import GatewayError, IntakeClient, IntakeGarbled, IntakeRefused, RelayTransport
from kiosk.gateway.errors import IntakeUnreachable
from kiosk.journey.effects import FetchPrefill
from kiosk.journey.facts import Card, Checked, Intake, Prefill, Progress, Standing, Trouble

CALL_S = 12.0
"""Seconds a relayed call may take; the relay itself gives up after eight."""
_EVALUATIONS = uuid.UUID("8b0f8f0e-6f0c-4c5e-9d1a-2f8d0a6f4f1b")
"""The name space of the keys of evaluations."""
_NOT_SIGNED_IN = {
    "LICENCE_CODE_UNKNOWN": "foreign",
    "LICENCE_CODE_USED": "used_up",
    "LICENCE_CODE_OLD": "used_up",
    "MAY_NOT_ACT": "not_allowed",
}
"""Why a code of a licence did not sign anybody in."""
_UNRATED = {"NOT_ARRIVED": "not_arrived", "ALREADY_EVALUATED": "already_rated"}


class Office:
    """Calls to the intake for one visit.

    The relay lives as long as the connection that asked for it, so that one stays open; each call
    takes a connection of its own, for a slow answer must not make another call wait.
    """

    def __init__(self, agent: Path, secret: str, catalogue: Catalogue) -> None:
        self._agent = agent
        self._secret = secret
        self._catalogue = catalogue
        self._lock = threading.Lock()
        self._line: Client | None = None
        self._relay: tuple[Path, str] | None = None
        self._visit = ""

    def open(self, visit: str) -> None:
        """Name the visit; the relay is opened by the first call."""
        self._visit = visit

    def close(self) -> None:
        """Let the relay go."""
        with self._lock:
            if self._line is not None:
                self._line.close()
            self._line = self._relay = None

    def state(self) -> Intake:
        """Say whether the intake answers and accepts our catalogue."""
        try:
            with self._call() as client:
                told = _intake(client).catalogue_version(self._catalogue.jurisdiction.code)
        except (GatewayError, ChannelError):
            return Intake.DOWN
        return Intake.UP if self._catalogue.version in told.accepted else Intake.OUTDATED

    def sign_in(self, card: Card, code: str) -> EnterpriseSignIn | Trouble:
        """Ask for which enterprise the holder of the card acts, by the code of its licence."""
        try:
            with self._call() as client:
                return _intake(client).enterprise_sign_in(
                    card.evidence,
                    card.person.id_no,
                    jurisdiction=self._catalogue.jurisdiction.code,
                    token=code,
                )
        except IntakeRefused as refused:
            return Trouble(reason=_NOT_SIGNED_IN.get(refused.problem.code, "refused"))
        except (GatewayError, ChannelError) as error:
            return Trouble(reason=_named(error))

    def prefill(self, effect: FetchPrefill, consent: Consent) -> Prefill | Trouble:
        """Fetch what the citizen agreed to, for the chosen items."""
        card = effect.card
        try:
            with self._call() as client:
                got = _intake(client).prefill(
                    card.evidence,
                    card.person.id_no,
                    jurisdiction=self._catalogue.jurisdiction.code,
                    thing=effect.thing.code,
                    items=[item.code for item in effect.items],
                    role=effect.role,
                    consent=consent,
                    enterprise=effect.enterprise,
                )
        except (GatewayError, ChannelError) as error:
            return Trouble(reason=_named(error))
        checks = {code: Checked(state=own.state, line=own.line) for code, own in got.checks.items()}
        return Prefill(values=got.values, sources=got.sources, checks=checks)

    def progress(self, token: str) -> Progress | Trouble:
        """Ask where the application of a slip stands."""
        try:
            with self._call() as client:
                got = _intake(client).progress(token)
        except IntakeRefused as refused:
            arrived = refused.problem.code != "NOT_ARRIVED"
            return Trouble(reason="garbled" if arrived else "not_arrived")
        except (GatewayError, ChannelError) as error:
            return Trouble(reason=_named(error))
        return _progress(got)

    def mine(self, card: Card) -> tuple[Progress, ...] | Trouble:
        """Ask for all that the holder of the card has filed, newest first."""
        try:
            with self._call() as client:
                got = _intake(client).mine(
                    card.evidence,
                    card.person.id_no,
                    jurisdiction=self._catalogue.jurisdiction.code,
                )
        except (GatewayError, ChannelError) as error:
            return Trouble(reason=_named(error))
        return tuple(_progress(one) for one in got)

    def rate(self, slip: str, satisfaction: int, options: Sequence[str]) -> Trouble | None:
        """Give a voluntary evaluation of the application of a slip, ``local_no.token``.

        The same one again in this visit is once. None: it is kept. ``not_arrived``: the application
        is stored here and not at the intake yet, so nobody can take an evaluation of it.
        """
        said = f"{self._visit}:{slip}:{satisfaction}:{','.join(options)}"
        key = str(uuid.uuid5(_EVALUATIONS, said))
        try:
            with self._call() as client:
                _intake(client).evaluate(
                    self._visit, slip, key=key, satisfaction=satisfaction, options=options
                )
        except IntakeRefused as refused:
            return Trouble(reason=_UNRATED.get(refused.problem.code, "refused"))
        except (GatewayError, ChannelError) as error:
            return Trouble(reason=_named(error))
        return None

    def _call(self) -> Client:
        """Return a fresh connection to the relay; a relay that went away is asked for again."""
        with self._lock:
            path, secret = self._relay or self._ask_relay()
            try:
                return Client(path, "session", secret, timeout=CALL_S)
            except ChannelError:
                path, secret = self._ask_relay()
                return Client(path, "session", secret, timeout=CALL_S)

    def _ask_relay(self) -> tuple[Path, str]:
        self._relay = None
        if self._line is not None:
            self._line.close()
        self._line = Client(self._agent, "session", self._secret, timeout=CALL_S)
        told = self._line.call("open_visit", visit=self._visit)
        self._relay = (Path(str(told["relay"])), str(told["relay_secret"]))
        return self._relay


def _intake(client: Client) -> IntakeClient:
    return IntakeClient(RelayTransport(client))


def _progress(got: gateway.Progress) -> Progress:
    """Return what a journey hears of an application."""
    items = tuple(
        Standing(
            name=one.name,
            number=one.no,
            state=one.state,
            state_text=one.state_text,
            at=one.at,
            supplement=one.supplement,
        )
        for one in got.items
    )
    return Progress(
        application_no=got.application_no, thing=got.thing_name, as_of=got.as_of, items=items
    )


def _named(error: GatewayError | ChannelError) -> str:
    """Return the word for a failure that the pages have a sentence for."""
    match error:
        case IntakeGarbled():
            return "garbled"
        case IntakeRefused():
            return "refused"
        case IntakeUnreachable() | ChannelError():
            return "unreachable"
    return "garbled"
