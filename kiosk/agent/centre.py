"""What the centre may ask of this terminal, and what is told of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Final

import structlog

from kiosk.agent.reporting.assembly import Bus, Reports, Told
from kiosk.agent.reporting.orders import Act, Note, OrderFailed, OrderRefused
from kiosk.agent.rollout_orders import rollout_acts
from kiosk.agent.service import OWN, Out, Service, ServiceError, Stop
from kiosk.agent.wishes import Wishes
from kiosk.audit import Head
from kiosk.maintenance.faults import Condition
from kiosk.maintenance.staff import StaffError
from kiosk.outbox import Outbox, OutboxError
from kiosk.outbox.records import Counts
from kiosk.release.errors import Unusable
from kiosk.release.placing import group_of_terminal
from kiosk.release.telling import name_in_force, nudge, standing
from kiosk.release.wishes import go_back
from kiosk.settings import releases_root
from kiosk.status.command import Command, Kind
from kiosk.status.state import Service as Found
from kiosk.status.state import Update, Versions

USUAL: Final = "maintenance"
"""Key of what citizens read when the centre says nothing of its own."""

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True, slots=True)
class Own:
    """What the agent has.

    Attributes:
        terminal: its id.
        state_dir: directory that survives a stop.
        run_dir: directory of sockets.
        secret: of the devices' role ``agent``.
        visits: tells how many visits are open.
        outbox: the store.
        service: in service or out of it.
        wishes: what the shell is wished to do.
        more: does kinds of commands that need more of the agent.
        note: takes an event and its fields for the log.
        head: tells how far the log reaches.
        conditions: tells what is wrong besides the devices.
    """

    terminal: str
    state_dir: Path
    run_dir: Path
    secret: str
    visits: Callable[[], int]
    outbox: Outbox
    service: Service
    wishes: Wishes
    note: Note
    head: Callable[[], Head]
    conditions: Callable[[], Iterable[Condition]]
    more: Mapping[Kind, Act] = field(default_factory=dict)


def acts(service: Service, wishes: Wishes) -> Mapping[Kind, Act]:
    """Return what does each kind of command; other kinds are not offered."""

    def stop(command: Command) -> None:
        try:
            out = Out(reason=OWN if command.argument else USUAL, words=command.argument)
            _stopped(service, command, out)
        except ServiceError as error:
            raise OrderFailed("bad_words") from error
        except (StaffError, OSError) as error:
            raise OrderFailed("not_kept") from error

    def resume(command: Command) -> None:
        try:
            _resumed(service, command)
        except (StaffError, OSError) as error:
            raise OrderFailed("not_kept") from error

    return {
        Kind.OUT_OF_SERVICE: stop,
        Kind.IN_SERVICE: resume,
        Kind.RESTART_SESSION: lambda _command: wishes.put("renew"),
        Kind.UPDATE: lambda _command: _look_for_release(),
        Kind.RELEASE_BACK: _go_back,
    }


def _stopped(service: Service, command: Command, out: Out) -> None:
    if command.window:
        since, lapses = command.issued_at.timestamp(), command.expires_at.timestamp()
        service.stop_for(command.window, Stop(out=out, since=since, lapses=lapses), command.by)
    else:
        service.stop(out, command.by, said=command.issued_at)


def _resumed(service: Service, command: Command) -> None:
    """End what the command ends; a stop that is newer stays, which the centre is told."""
    if command.window:
        service.window_over(command.window, command.by)
    elif not service.resume(command.by, said=command.issued_at):
        raise OrderRefused("overtaken")


def _look_for_release() -> None:
    """Have the unit that updates look now."""
    folder = releases_root()
    if not folder.is_dir():
        raise OrderFailed("no_releases")
    try:
        nudge(folder)
    except OSError as error:
        raise OrderFailed("not_kept") from error


def _go_back(command: Command) -> None:
    """Ask the unit that updates to go back; the reported state tells when it has."""
    try:
        go_back(releases_root(), f"{command.by}: {command.argument}")
    except Unusable as error:
        raise OrderFailed("nothing_before") from error
    except OSError as error:
        raise OrderFailed("not_kept") from error


def _nudged(group: str, version: str) -> None:
    """Look because the centre says that there is something; it is looked for anyway by and by."""
    try:
        _look_for_release()
    except OrderFailed as failed:
        log.warning("release_not_nudged", group=group, version=version, problem=failed.why)


def update(group: str, folder: Path | None = None) -> Update:
    """Return how releases of a group fare here."""
    own = standing(folder or releases_root(), group)
    course, offer = own.course, own.course.offer
    return Update(
        group=group or None,
        version=own.version,
        seen=own.seen,
        look=own.look or None,
        wanted=offer.name if offer else None,
        wanted_version=offer.version if offer else 0,
        step=course.stage.value,
        why=course.code or None,
        since=_instant(course.since),
    )


def _instant(since: str) -> str | None:
    """Return a course's time in the shape of the state; None: there is none yet."""
    try:
        at = datetime.fromisoformat(since)
    except ValueError:
        return None
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def versions() -> Versions:
    """Return what is installed and in force."""
    release = name_in_force(releases_root())
    return Versions(software=metadata.version("yiduan"), release=release)


def reports(bus: Bus | None, own: Own) -> Reports | None:
    """Make the line to the centre, where there is one; the terminal works without it."""
    if bus is None:
        return None
    told = Told(
        terminal=own.terminal,
        state_dir=own.state_dir,
        run_dir=own.run_dir,
        secret=own.secret,
        versions=versions,
        update=lambda: update(_group(bus)),
        group=lambda: _group(bus),
        service=lambda: _found(own),
        counts=lambda: _counts(own.outbox),
        acts={
            **acts(own.service, own.wishes),
            **rollout_acts(bus.release_group),
            **own.more,
        },
        wanted=_nudged,
        note=own.note,
        head=own.head,
        conditions=own.conditions,
        beat=own.service.lapse,
    )
    try:
        return Reports(bus, told)
    except OSError as error:
        log.error("centre_out_of_reach", problem=type(error).__name__)  # noqa: TRY400
        return None


def _group(bus: Bus) -> str:
    """Return whose releases are taken now."""
    return group_of_terminal(releases_root(), bus.release_group)


def _found(own: Own) -> Found:
    if own.visits():
        return Found.VISITED
    return Found.FREE if own.service.out is None else Found.OUT


def _counts(outbox: Outbox) -> Counts | None:
    try:
        return outbox.counts()
    except OutboxError:
        return None
