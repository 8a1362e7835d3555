"""All checks, module by module, and how a failure of the line becomes a case."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Final

from kiosk.gateway.errors import GatewayError, IntakeGarbled, IntakeRefused, IntakeUnreachable
from kiosk.gateway.ports import MODULES
from kiosk.intake_check import line, reading, writing
from kiosk.intake_check.asking import status_of
from kiosk.intake_check.finding import Failed, Finding, Skipped, Verdict
from kiosk.intake_check.stand import Stand

LINE: Final = "line"
"""What is no module: the connection itself."""
Look = Callable[[Stand], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """A rule: the module it belongs to, and whether looking at it writes."""

    module: str
    look: Look
    writes: bool = False

    @property
    def code(self) -> str:
        """The rule's name in the words."""
        return self.look.__name__


def _checks(module: str, *looks: Look, writes: bool = False) -> tuple[Check, ...]:
    return tuple(Check(module=module, look=own, writes=writes) for own in looks)


CHECKS: Final = (
    *_checks(LINE, line.tls, line.anonymous, line.unknown_terminal, line.revoked_terminal),
    *_checks(LINE, line.clock, line.document, line.problem_shape, line.oversize, line.compressed),
    *_checks("identity", reading.no_evidence, reading.licence_code),
    *_checks("items", reading.catalogue, reading.unchanged, reading.other_place),
    *_checks("items", reading.item_codes),
    *_checks("forms", reading.prefill, reading.without_consent),
    *_checks("licences", reading.licences),
    *_checks("materials", writing.media_type, writing.oversize_file, writes=True),
    *_checks("materials", writing.resumable, writing.damaged_piece, writes=True),
    *_checks("materials", writing.wrong_offset, writing.other_content, writes=True),
    *_checks("cases", writing.bad_signature, writing.foreign_terminal, writes=True),
    *_checks("cases", writing.malformed, writing.old_catalogue, writes=True),
    *_checks("cases", writing.material_missing, writing.filed, writes=True),
    *_checks("cases", writing.same_answer, writing.other_body, writes=True),
    *_checks("process", reading.no_slip),
    *_checks("process", writing.arrived, writes=True),
    *_checks("users", reading.own_applications),
    *_checks("users", writing.listed, writes=True),
    *_checks("evaluations", writing.evaluation, writing.grades, writes=True),
    *_checks(LINE, line.pace, line.speed),
)
"""In the order in which they are looked at: a probe is filed before it is looked for."""


def examine(
    stand: Stand, *, writes: bool = False, modules: Collection[str] = ()
) -> Iterator[Finding]:
    """Yield every finding as soon as it is known; of all modules unless some are named.

    The line is looked at first, whatever is named: where there is none, nothing else is tried.
    """
    first, *others = CHECKS
    line_found = _looked(first, stand)
    there = line_found.case != "no_connection"
    if not there or not modules or first.module in modules:
        yield line_found
    for one in others:
        if modules and one.module not in modules:
            continue
        if not there:
            yield _found(one, Skipped("no_line"))
        elif one.writes and not writes:
            yield _found(one, Skipped("read_only"))
        else:
            yield _looked(one, stand)
    for own in MODULES:
        if not own.offered and (not modules or own.code in modules):
            verdict = Verdict.NOT_OFFERED
            yield Finding(module=own.code, check=own.code, verdict=verdict, case="not_offered")


def _looked(one: Check, stand: Stand) -> Finding:
    try:
        one.look(stand)
    except Failed as found:
        return _found(one, found)
    except GatewayError as error:
        return _found(one, _case(error))
    return Finding(module=one.module, check=one.code, verdict=Verdict.OK)


def _found(one: Check, own: Failed) -> Finding:
    return Finding(
        module=one.module, check=one.code, verdict=own.verdict, case=own.case, values=own.values
    )


def _case(error: GatewayError) -> Failed:
    """Tell apart what a line can do: a fault, silence, a cut, nonsense, another's answer."""
    if isinstance(error, IntakeRefused):
        return Failed("refused", code=error.problem.code, field=error.problem.field or "-")
    if isinstance(error, IntakeGarbled):
        return _nonsense(error.reason)
    if not isinstance(error, IntakeUnreachable):
        return Failed("nonsense", reason=type(error).__name__)
    status = status_of(error)
    if status is not None:
        return Failed("server_fault", status=status)
    if error.reason in {"too_slow", "no_answer"}:
        return Failed("silent")
    return Failed("cut_off", reason=error.reason)


def _nonsense(reason: str) -> Failed:
    if reason in {"envelope_digest", "items"}:
        return Failed("anothers_answer", reason=reason)
    if reason == "broken_off":
        return Failed("cut_off", reason=reason)
    return Failed("nonsense", reason=reason)
