"""The agent and the intake as a machine: whatever happens to messages and processes, once."""

from __future__ import annotations

import base64
import hashlib
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kiosk.agent.delivery import Failed, Filed
from kiosk.agent.forwarder import Letter, hand_in
from kiosk.domain.envelope import Signature
from kiosk.gateway import IntakeClient
from kiosk.outbox import Entry, Outbox, Parcel, State
from tests.campaign.intake_model import Fault, IntakeModel
from tests.campaign.model import simulate
from tests.campaign.verdict import Verdict
from tests.faults.terminal import Filing

SIGNATURE = Signature(
    terminal="T-0020", key_id="k", algorithm="a", signature=base64.b64encode(b"s").decode()
)
FAULTS = st.lists(st.sampled_from(list(Fault)), max_size=6)


class Delivery(RuleBasedStateMachine):
    """One terminal's real store and forwarding, against an intake in memory."""

    def __init__(self) -> None:
        super().__init__()
        self.directory = tempfile.TemporaryDirectory(prefix="model-")
        self.path = Path(self.directory.name) / "outbox.db"
        self.outbox = Outbox(self.path, reserve=0)
        self.intake = IntakeModel()
        self.filings: dict[str, Filing] = {}
        self.told: dict[str, str] = {}

    @rule(pages=st.integers(0, 2))
    def submit(self, pages: int) -> None:
        """A citizen submits, and is told that it is stored."""
        number = len(self.filings)
        filing = Filing(
            visit=f"v{number}",
            submission_id=f"s{number}",
            attachments=tuple(b"page %d" % page * (number + 1) for page in range(pages)),
        )
        self.outbox.put(
            Parcel(
                submission_id=filing.submission_id,
                visit=filing.visit,
                local_no=f"L{number}",
                thing="newborn",
                fingerprint="f",
                pieces=[filing.envelope().canonical()],
            )
        )
        self.filings[filing.submission_id] = filing

    @rule(faults=FAULTS, dies=st.sampled_from(["no", "before", "after"]))
    def attempt(self, faults: list[Fault], dies: str) -> None:
        """The next one is tried; the agent may die before or after it writes how that went."""
        entry = self.outbox.take()
        if entry is None:
            return
        self.intake.faults = faults
        self._try(entry, dies)
        self.intake.faults = []

    def _try(self, entry: Entry, dies: str) -> None:
        filing = self.filings[entry.submission_id]
        data = b"".join(self.outbox.pieces(entry))
        letter = Letter(
            data=data,
            envelope=filing.envelope(),
            signature=SIGNATURE,
            pages=filing.attachments,
        )
        outcome = hand_in(IntakeClient(self.intake), letter, again=entry.attempts > 0)
        if dies != "before":
            match outcome:
                case Filed(numbers=numbers):
                    self.outbox.settle(entry, numbers)
                    self.told[entry.submission_id] = numbers.application_no
                case Failed(reason=reason):
                    self.outbox.postpone(entry, 0.0, reason)
                case _:
                    raise AssertionError(outcome)
        if dies != "no":
            self.die()

    @rule()
    def die(self) -> None:
        """The agent dies and starts again."""
        self.outbox.close()
        self.outbox = Outbox(self.path, reserve=0)

    @rule()
    def arrive(self) -> None:
        """A message that was given up arrives after all."""
        self.intake.arrive()

    @precondition(lambda self: self.outbox.owed())
    @rule(which=st.integers(0, 99), stop=st.booleans())
    def staff(self, which: int, *, stop: bool) -> None:
        """Staff stop one or send it again."""
        owed = self.outbox.owed()
        entry = owed[which % len(owed)]
        if stop:
            self.outbox.stop(entry, "clerk")
        else:
            self.outbox.release(entry)

    @invariant()
    def nothing_lost_nothing_twice(self) -> None:
        """What a citizen was told stays true."""
        owed = {entry.submission_id for entry in self.outbox.owed()}
        for name, filing in self.filings.items():
            assert name in owed or name in self.intake.filed
            assert self.intake.acted[name] <= 1
            if name in self.intake.filed:
                assert self.intake.filed[name] == filing.envelope().canonical()
            if name in self.told:
                status = self.outbox.status(name)
                assert status is not None
                assert (status.state, status.application_no) == (State.SUBMITTED, self.told[name])

    def teardown(self) -> None:
        """With a good line at last everything arrives, once."""
        while self.intake.late:
            self.intake.arrive()
        for entry in self.outbox.owed():
            self.outbox.release(entry)
        while (due := self.outbox.take()) is not None:
            self._try(due, "no")
        assert set(self.intake.filed) == set(self.filings)
        assert set(self.intake.acted.values()) <= {1}
        for filing in self.filings.values():
            for page in filing.attachments:
                assert hashlib.sha256(page).hexdigest() in self.intake.materials
        self.outbox.close()
        self.directory.cleanup()


TestDelivery = Delivery.TestCase
TestDelivery.settings = settings(max_examples=12, stateful_step_count=20)


def test_simulation_small() -> None:
    """Ten thousand submissions through the rules alone."""
    verdict = Verdict(name="model", seed=7)
    simulate(verdict, 0, submissions=10_000)
    assert verdict.ok, verdict.text()
