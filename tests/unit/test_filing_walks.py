"""What a visit submits, the intake takes: scripts and random visits, to the intake's own checks.

Application, envelope and files are those a session seals; keys are made here, people are synthetic.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from drivers.service.evidence import EvidenceSigner
from intake.people.enterprises import SignIn
from intake.receiving.catalogues import Catalogues
from intake.receiving.filing import checked, opened
from intake.receiving.uploads import looks_like
from intake.receiving.verification import Terminal
from intake.service.problems import Refusal
from kiosk.crypto import PublicKeys, provider
from kiosk.crypto.providers import PublicSealingKey, key_id
from kiosk.crypto.sealed import SealedView
from kiosk.domain.application import Application
from kiosk.domain.envelope import Signature
from kiosk.domain.identity import Evidence, SignedEvidence
from kiosk.journey.effects import Submit
from kiosk.journey.facts import Answer, Card
from kiosk.journey.intents import Intent, touch
from kiosk.journey.intents import IntentKind as K
from kiosk.journey.observe import observed
from kiosk.journey.present_page import present
from kiosk.journey.rehearsal import NAME, Rehearsal
from kiosk.journey.script import Outcome, Scene, Script, Step, load
from kiosk.journey.states import State
from kiosk.journey.view import FormView
from kiosk.session.consents import Consents
from kiosk.session.filing import Desk
from tests.journeys.stage import PUBLIC, ROOT, SCRIPTS, catalogue, context, world

TERMINAL = "410700-0020"
AT = datetime.fromisoformat("2026-11-22T14:36:00+08:00")
JPEG = b"\xff\xd8\xff\xe0"
PROVIDER = provider("international")
SEALING = [PROVIDER.load_sealing_key(PROVIDER.new_sealing_key()) for _ in range(2)]
SIGNING = PROVIDER.load_signing_key(PROVIDER.new_signing_key())
EVIDENCE = EvidenceSigner(terminal=TERMINAL, key=Ed25519PrivateKey.generate())
KEYS = PublicKeys(
    terminal=TERMINAL,
    provider=PROVIDER.name,
    recipients=tuple(
        PublicSealingKey(holder=holder, key_id=key_id(PROVIDER.digest([k.public])), public=k.public)
        for holder, k in zip(("agent", "recovery"), SEALING, strict=True)
    ),
)
REGISTERED = Terminal(
    id=TERMINAL,
    provider=PROVIDER.name,
    signing_public=SIGNING.public,
    evidence_public=EVIDENCE.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw),
)


@cache
def catalogues() -> Catalogues:
    """Return what the intake accepts."""
    return Catalogues([ROOT / "config"])


class Made:
    """The sign-in that the visit of a submission made, as the intake keeps it."""

    def __init__(self, effect: Submit) -> None:
        self._effect = effect

    def made_with(self, token: str) -> SignIn | None:
        """Return the visit's own sign-in."""
        own = self._effect.enterprise
        if own is None or own.token != token:
            return None
        return SignIn(
            uscc=own.uscc,
            name=own.name,
            role=own.role,
            id_no=self._effect.card.person.id_no,
            terminal=TERMINAL,
            at=AT - timedelta(minutes=5),
        )


class Submits(Rehearsal):
    """A rehearsal that remembers what was submitted."""

    submitted: tuple[Submit, ...] = ()

    def _verdict(self, effect: Submit) -> Answer:
        self.submitted = (*self.submitted, effect)
        return super()._verdict(effect)


# ---- from a submission to the intake's word


def read(card: Card, minutes: int) -> Card:
    """Return a card as the device host of this terminal read it, so long before."""
    told, signature = EVIDENCE.sign("v", card.person.id_no, AT - timedelta(minutes=minutes))
    signed = SignedEvidence(
        evidence=Evidence(**told), signature=base64.b64encode(signature).decode()
    )
    return replace(card, evidence=signed)


def really_read(effect: Submit) -> Submit:
    """Return a submission whose readings of a card carry this terminal's signature."""
    signed = effect.signed
    if signed is not None and signed.card is not None:
        signed = replace(signed, card=read(signed.card, 1))
    return replace(effect, card=read(effect.card, 10), signed=signed)


@contextmanager
def desk() -> Iterator[Desk]:
    """Lend a desk that seals, and has nobody to hand over to."""
    own = Desk(
        Path("nobody.sock"),
        "",
        catalogue=catalogue(),
        keys=KEYS,
        public_url=PUBLIC,
        wait_s=0.0,
        clock=lambda: AT,
    )
    yield own
    own.close()


def envelope_of(effect: Submit) -> bytes:
    """Return the canonical envelope that a session seals for a submission."""
    consents = Consents(catalogue(), lambda: AT).agreed(effect)
    with desk() as own:
        ready = own._prepare(really_read(effect), consents, lambda name: JPEG + name.encode())
        sealed = SealedView(os.pread(ready.fd, ready.size, 0)).open(SEALING[0])
        return bytes(sealed.body())


def taken(effect: Submit) -> Application:
    """Let the intake check a submission; return the application it took.

    Raises:
        Refusal: the intake does not take it.
    """
    data = envelope_of(effect)
    signature = Signature(
        terminal=TERMINAL,
        key_id=SIGNING.key_id,
        algorithm=PROVIDER.signature_algorithm,
        signature=base64.b64encode(SIGNING.sign(data)).decode(),
    )
    signed = opened(REGISTERED, data, signature)
    filing = checked(signed, catalogues(), Made(effect))
    assert all(
        looks_like(one.media_type, JPEG)
        for one in filing.attachments
        if one.media_type == "image/jpeg"
    )
    return signed.envelope.application


# ---- the scripts


def played(script: Script) -> tuple[Submit, ...]:
    """Return what a script submits."""
    run = Submits(script, world(), context)
    run.run()
    return run.submitted


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_what_a_script_submits_is_taken(path: Path) -> None:
    """Every submission of every script is an application that the intake takes."""
    for effect in played(load(path)):
        assert taken(effect).thing == effect.thing.code


def test_scripts_submit() -> None:
    """The scripts are no empty test: the one that shows everything submits once."""
    (effect,) = played(load(ROOT / "tests" / "journeys" / "newborn.yaml"))
    application = taken(effect)
    assert len(application.items) == 7
    assert application.signature is not None


def test_the_checks_would_tell() -> None:
    """A value changed after signing is refused at the signature."""
    (effect,) = played(load(ROOT / "tests" / "journeys" / "newborn.yaml"))
    data = envelope_of(effect).replace("沐辰".encode(), "沐宸".encode())
    signature = base64.b64encode(SIGNING.sign(data)).decode()
    told = Signature(
        terminal=TERMINAL,
        key_id=SIGNING.key_id,
        algorithm=PROVIDER.signature_algorithm,
        signature=signature,
    )
    with pytest.raises(Refusal) as refused:
        checked(opened(REGISTERED, data, told), catalogues())
    assert refused.value.field == "application.signature"


# ---- random visits

BEGIN = {State.CHOOSE, State.FORM, State.MATERIALS, State.DELIVERY, State.REVIEW, State.SIGN}
STEPS = 160
LEAVING = {"home", "finish", "help", "size", "language", "decline", "cancel", "wipe"}
ONWARD = {"start", "agree", "next", "submit", "continue", "shoot", "keep", "confirm"}
SCENES = (
    Scene(name="discharge_record"),
    Scene(name="discharge_record", fault="dark"),
    Scene(name="bank_card", number="9156000000000000001"),
    Scene(name="empty"),
)
WRITTEN = {
    "pinyin": "牧野区样例街2号",
    "latin": "Z123456789",
    "digits": "20261114062020261114",
    "mobile": "15400000001",
    "id_number": "400701199304114622",
    "money": "123456",
    "account": "9156000000000000001",
    "decimal": "12.5",
}


def begun(rng: Random) -> Submits:
    """Return a random script's visit at one of the pages before the submission."""
    while True:
        script = load(rng.choice(SCRIPTS))
        places = [n for n, step in enumerate(script.steps) if step.page in BEGIN]
        if places:
            break
    place = rng.choice(places)
    steps = (*script.steps[:place], Step(page=script.steps[place].page))
    run = Submits(
        script.model_copy(update={"steps": steps, "outcome": Outcome()}), world(), context
    )
    run.run()
    return run


def step(run: Submits, rng: Random) -> None:
    """Touch something that is offered, as a person on the way would, and let answers come."""
    if run.journey.page is State.CAPTURE:
        run._world.scene = rng.choice(SCENES)
        run._see()
    elif run.journey.page is State.SIGN and rng.random() < 0.4:
        run._apply(Intent(kind=K.STROKE, fact=NAME))
    while run._coming:
        run._pump()
    target = likely(run, rng)
    if target and run.journey.legal(touch(target)):
        run._apply(touch(target))
    while run._coming:
        run._pump()


def likely(run: Submits, rng: Random) -> str:
    """Return the answer to an open question, the way on, or anything else that is offered."""
    journey = run.journey
    view = present(journey)
    if isinstance(view, FormView) and rng.random() < 0.9:
        return answer(view, rng)
    targets = observed(view)["targets"]
    assert isinstance(targets, list)
    offered = [one for one in targets if one not in LEAVING]
    onward = [one for one in offered if one in ONWARD]
    chosen = onward if onward and rng.random() < 0.6 else offered
    return rng.choice(chosen) if chosen else ""


def answer(view: FormView, rng: Random) -> str:
    """Answer the first open question of the page, or go on."""
    for row in view.rows:
        ways = [own.target for own in (*row.options, *row.suggestions)]
        if row.focused and view.input and (row.value is None or row.fault or not ways):
            named = row.key.endswith(("name", "head"))
            words = "沐辰" if named else WRITTEN[view.input.keyboard]
            return "erase" if row.fault and view.input.value else f"text:{words}"
        if row.value is None or row.fault:
            return rng.choice([*ways, *([row.focus.target] if row.focus else [])])
    return "next"


def visited(rng: Random) -> tuple[Submit, ...]:
    """Go on with a random visit until it submits, ends, or is given up."""
    run = begun(rng)
    for _ in range(STEPS):
        if run.submitted or run.ended:
            break
        step(run, rng)
    return run.submitted


ALWAYS = 8
"""Random walks that every run tries; the campaign tries many more."""


@pytest.mark.parametrize(
    "seed",
    [
        pytest.param(seed, marks=() if seed < ALWAYS else pytest.mark.campaign)
        for seed in range(200)
    ],
)
def test_what_random_visits_submit_is_taken(seed: int) -> None:
    """Whatever is touched on the way: what can be submitted is taken."""
    print("seed", seed)
    rng = Random(seed)  # noqa: S311 - it chooses what is touched, not keys
    submitted: list[Submit] = []
    for number in range(12):
        if number >= 4 and submitted:
            break
        submitted += visited(rng)
    for effect in submitted:
        taken(effect)
    assert submitted, "twelve visits in a row came to nothing: the walk has lost its way"
