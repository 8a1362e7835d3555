"""The agent as maintenance mode sees it: calls in, facts out."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from kiosk.channel import ChannelError, Client, Refused
from kiosk.domain.calendar import LEGAL_TIME
from kiosk.journey.view_parts import text
from kiosk.maintenance.facts import (
    Begun,
    Denied,
    Did,
    Examined,
    Found,
    Looked,
    SignedIn,
    Slip,
    Waits,
)
from kiosk.maintenance.hall_time import hall_time
from kiosk.maintenance.opening_check import OPEN, Result
from kiosk.maintenance.staff import Right, Role, card_hash

CALL_S: Final = 50.0
"""The doctor takes some seconds, a stick too."""
_SAID: Final = {"not_allowed", "not_here", "unusable"}


class Lost(Exception):
    """The agent does not answer."""


class AgentDesk:
    """One connection: the agent knows by it who is signed in; one that broke is begun anew."""

    def __init__(self, socket: Path, secret: str) -> None:
        self._path, self._secret = socket, secret
        self._client: Client | None = None
        self._key = b""
        self.broken = False
        """The agent did not answer on this connection; what it may say later is nobody's."""

    def begin(self, how: str) -> Begun:
        """Open maintenance.

        Raises:
            Lost: the agent is not there.
        """
        try:
            self._client = Client(self._path, "maintenance", self._secret, timeout=CALL_S)
            said = self._client.call("begin", how=how)
        except ChannelError as error:
            raise Lost from error
        self.broken = False
        self._key = bytes.fromhex(str(said["key"]))
        return Begun(terminal=str(said["terminal"]), known=said["known"] is True)

    def card(self, number: str) -> Denied | None:
        """Ask whether a card opens; its number goes no further than here."""
        if not self._key:
            return Denied(reason="no_list")
        return self._try("card", card=card_hash(self._key, number))

    def code(self, typed: str) -> Denied | None:
        """Ask whether a one-time code opens."""
        return self._try("code", code=typed)

    def copied(self) -> Denied:
        """Have a card counted that the reader could not believe."""
        return self._try("refused", reason="unreadable") or Denied(reason="unreadable")

    def pin(self, pin: str) -> SignedIn | Denied:
        """Ask whether it is the PIN."""
        try:
            said = self.call("pin", pin=pin)
        except Refused as no:
            return _denied(no)
        except Lost:
            return Denied(reason="not_kept")
        rights = said.get("rights")
        return SignedIn(
            work_no=str(said["work_no"]),
            role=Role(str(said["role"])),
            rights=frozenset(map(Right, rights if isinstance(rights, list) else [])),
        )

    def look(self) -> Looked:
        """Ask how the terminal is; an agent that does not answer is told as lost."""
        try:
            return _looked(self.call("look"))
        except (Refused, Lost):
            return Looked(lost=True)

    def examine(self) -> Examined:
        """Have the doctor look at everything; empty when it could not."""
        at = datetime.now(LEGAL_TIME).isoformat(timespec="seconds")
        try:
            said = self.call("examine")
        except (Refused, Lost):
            return Examined(findings=(), at=at)
        listed = said.get("findings")
        found = tuple(_found(one) for one in (listed if isinstance(listed, list) else []))
        return Examined(findings=found, verdict=str(said.get("verdict")), at=at)

    def find(self, local_no: str) -> Slip:
        """Ask where a local number stands; what cannot be asked now is not said to be none."""
        try:
            said = self.call("find", local_no=local_no)
        except (Refused, Lost):
            return Slip(local_no=local_no, state="not_looked_up")
        age = said.get("age_s", 0)
        return Slip(
            local_no=local_no,
            state=str(said["state"]),
            age_s=age if isinstance(age, int) else 0,
            reason=str(said.get("reason", "")),
        )

    def order(self, what: str, reason: str = "", until: str = "") -> Did:
        """Ask for something, and say how it ended."""
        match what:
            case "retry":
                return self._retry()
            case "export":
                return self._did(what, {}, "upkeep.outbox.exported", ("done", "n"))
            case "bundle":
                done = self._did("bundle", {}, "upkeep.bundle.well", ("file", "file"))
                return (
                    Did(well=True, told=done.told, hint=text("upkeep.bundle.hint"))
                    if (done.well)
                    else done
                )
            case "restart" | "shut_down":
                return self._did("order", {"what": what}, f"upkeep.system.{what}")
            case "stop":
                fields = {"out": True, "reason": reason, "until": until}
                return self._did("serve", fields, "upkeep.service.stopped")
        return self._did("serve", {"out": False}, "upkeep.service.resumed")

    def keep_pdf(self, data: bytes) -> Did:
        """Have the readiness report written to the stick."""
        return self._keep("keep_pdf", {"name": "report"}, "upkeep.report.saved", data)

    def keep_trace(self, part: str, data: bytes) -> Did:
        """Have the trace of a device's line written to the stick."""
        did = self._keep("keep_trace", {"part": part}, "trace.kept", data)
        return replace(did, hint=text("trace.kept_hint")) if did.well else did

    def tune(self, sound: int, brightness: int) -> None:
        """Have both levels kept; what cannot be kept holds until the next start."""
        self._tell("station", sound=sound, brightness=brightness)

    def check_began(self) -> None:
        """Have it written down that the opening check began."""
        self._tell("check_began")

    def check_ended(self, check: Mapping[str, object]) -> None:
        """Have the opening check kept."""
        self._tell("check_ended", check=dict(check))

    def audit(self, event: str, **fields: str) -> None:
        """Have an event written down; the agent adds who did it."""
        self._tell("audit", event=event, fields=fields)

    def leave(self, how: str) -> None:
        """Close maintenance."""
        self._tell("leave", how=how)
        self.close()

    def close(self) -> None:
        """Let go of the connection; the agent notes the end."""
        if self._client is not None:
            self._client.close()

    def call(self, op: str, fds: Sequence[int] = (), /, **fields: object) -> dict[str, object]:
        """Ask for an operation of the agent's table.

        Raises:
            Refused: it says why not.
            Lost: it does not answer.
        """
        if self._client is None or self.broken:
            raise Lost
        try:
            return self._client.call(op, fds=fds, **fields)
        except Refused:
            raise
        except ChannelError as error:
            self.broken = True
            self._client.close()
            raise Lost from error

    # -- inside

    def _tell(self, op: str, **fields: object) -> None:
        try:
            self.call(op, (), **fields)
        except (Refused, Lost):
            return

    def _try(self, op: str, **fields: object) -> Denied | None:
        try:
            self.call(op, (), **fields)
        except Refused as no:
            return _denied(no)
        except Lost:
            return Denied(reason="not_kept")
        return None

    def _retry(self) -> Did:
        """Have what waits sent again; what stays is told with its number, whyever it stays."""
        try:
            said = self.call("retry")
        except Refused as no:
            return refused(no.code)
        except Lost:
            return refused("lost")
        told = text("upkeep.outbox.retried", n=said.get("done"))
        if said.get("failed"):
            return Did(
                well=False, told=told, hint=text("upkeep.outbox.failed", n=said.get("failed"))
            )
        if said.get("stopped"):
            return Did(
                well=True, told=told, hint=text("upkeep.outbox.stopped", n=said.get("stopped"))
            )
        return Did(well=True, told=told)

    def _keep(self, op: str, fields: Mapping[str, object], well: str, data: bytes) -> Did:
        """Have a file written to the stick; it is handed over whole."""
        fd = os.memfd_create("file")
        try:
            os.write(fd, data)
            return self._did(op, fields, well, ("file", "file"), fds=(fd,))
        finally:
            os.close(fd)

    def _did(
        self,
        op: str,
        fields: Mapping[str, object],
        well: str,
        value: tuple[str, str] = ("", ""),
        *,
        fds: Sequence[int] = (),
    ) -> Did:
        """Call, and turn the answer into words; the value of a name goes into a place of them."""
        try:
            said = self.call(op, fds, **fields)
        except Refused as no:
            return refused(no.code)
        except Lost:
            return refused("lost")
        name, place = value
        return Did(well=True, told=text(well, **({place: said.get(name)} if place else {})))


def refused(code: str) -> Did:
    """Return why the agent did not do something, and what to do now."""
    if code == "no_stick":
        missing = "upkeep.stick.missing"
        return Did(well=False, told=text(missing), hint=text(f"{missing}_hint"))
    key = code if code in _SAID else "lost" if code == "lost" else "unusable"
    return Did(well=False, told=text(f"upkeep.refused.{key}"), hint=text("upkeep.refused.hint"))


def _denied(no: Refused) -> Denied:
    left, _, wait = no.detail.partition("/")
    return Denied(
        reason=no.code,
        left=int(left) if left.isdigit() else 0,
        wait_s=int(wait) if wait.isdigit() else 0,
    )


def _looked(said: Mapping[str, object]) -> Looked:
    out, station, checked = said.get("out"), said.get("station"), said.get("checked")
    outbox, orders = said.get("outbox"), said.get("orders")
    stands = said.get("stands")
    boxes = outbox if isinstance(outbox, Mapping) else {}
    today = _of_today(checked)
    levels = station if isinstance(station, Mapping) else {}
    submitted, unprinted = boxes.get("submitted", 0), said.get("unprinted", 0)
    return Looked(
        out=(str(out["reason"]), str(out["until"])) if isinstance(out, Mapping) else None,
        waiting=_waiting(boxes.get("waiting")),
        submitted=submitted if isinstance(submitted, int) else 0,
        unprinted=unprinted if isinstance(unprinted, int) else 0,
        sound=_level(levels.get("sound")),
        brightness=_level(levels.get("brightness")),
        version=str(said.get("version", "")),
        stick=said.get("stick") is True,
        orders=frozenset(map(str, orders)) if isinstance(orders, list) else frozenset(),
        stands=tuple(map(str, stands)) if isinstance(stands, list) else (),
        checked=(str(checked["at"]), str(checked["by"])) if isinstance(checked, Mapping) else None,
        failed=sum(own == Result.FAILED for own in today.values()),
        left=sum(own in OPEN for own in today.values()),
        steps=today,
        passed_at=_words(checked, "passed_at") if today else {},
        passed_by=_words(checked, "passed_by") if today else {},
        reasons=_reasons(checked) if today else {},
    )


def _of_today(checked: object) -> dict[str, str]:
    """Return how the steps of the last opening check ended; none when it is of another day."""
    results = _words(checked, "results")
    if not isinstance(checked, Mapping) or not results:
        return {}
    day = hall_time(str(checked["at"]))[0]
    return results if day == datetime.now(LEGAL_TIME).date().isoformat() else {}


def _reasons(checked: object) -> dict[str, tuple[str, str]]:
    """Return why steps of the last opening check failed, as keys of the words."""
    told = checked.get("reasons") if isinstance(checked, Mapping) else None
    rows = told.items() if isinstance(told, Mapping) else ()
    return {str(step): (str(why), str(hint)) for step, (why, hint) in rows}


def _words(told: object, name: str) -> dict[str, str]:
    own = told.get(name) if isinstance(told, Mapping) else None
    return {str(k): str(v) for k, v in own.items()} if isinstance(own, Mapping) else {}


def _waiting(listed: object) -> tuple[Waits, ...]:
    found = []
    for one in listed if isinstance(listed, list) else []:
        held = one.get("held")
        found.append(
            Waits(
                local_no=str(one["local_no"]),
                state="held" if held else str(one["state"]),
                age_s=int(one["age_s"]),
                reason=str(held or one.get("last_error") or ""),
            )
        )
    return tuple(found)


def _level(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value <= 10 else 7


def _found(one: Mapping[str, object]) -> Found:
    values = one.get("values")
    return Found(
        check=str(one["check"]),
        case=str(one["case"]),
        verdict=str(one["verdict"]),
        values=values if isinstance(values, dict) else {},
        told=str(one.get("told", "")),
        fix=str(one.get("fix", "")),
    )
