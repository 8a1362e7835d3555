"""``kiosk-devices doctor``: what is plugged in, what it is bound to, what is wrong, what next.

It works beside a running host, whose status it then asks for instead of opening a port.
"""

from __future__ import annotations

import argparse
import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from drivers.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from drivers.doctor.findings import Finding, Report
    from drivers.doctor.host_status import HostWord
    from drivers.doctor.seen import Plugged
    from drivers.service.binding import Binding

HELP: Final = "what is plugged in, what it is bound to, what is wrong and the next step"
RUN: Final = Path("/run/yiduan")
"""Directory of the sockets when nobody says another."""
CONFIG: Final = Path("/etc/yiduan/devices.yaml")
"""The host's file of an installed terminal."""


def add(parser: argparse.ArgumentParser) -> None:
    """Add its options."""
    parser.add_argument("--config", type=Path, help=f"the host's file; {CONFIG} if that is there")
    parser.add_argument("--run", type=Path, help="directory of sockets, if the file does not say")
    parser.add_argument("--secrets", type=Path, help="file of secrets, if the file does not say")
    parser.add_argument("--json", action="store_true", help="one JSON line")


def run(options: argparse.Namespace) -> int:
    """Print everything; the exit code is 1 when something is known to be wrong."""
    from drivers.doctor.findings import findings
    from drivers.doctor.plugged import plugged, queues

    there = [*plugged(), *queues()]
    config = options.config or (CONFIG if CONFIG.exists() else None)
    reports, host = _look(config, options.run, options.secrets) if config else ([], None)
    wrong = findings(reports, there, host)
    if options.json:
        print(json.dumps(_document(config, there, reports, wrong), ensure_ascii=False))
    else:
        print("\n".join([*_words(there, reports, wrong), *_end(config, wrong)]))
    return 1 if wrong else 0


def _look(
    config: Path, run: Path | None, secrets_file: Path | None
) -> tuple[list[Report], Finding | None]:
    """Return what is seen of each device of the file, and what is wrong with the host.

    Raises:
        Trouble: the file is wrong.
    """
    from drivers.doctor.findings import no_host, silent_host
    from drivers.doctor.host_status import HostSilent, ask_host
    from drivers.service.binding import BindingError, load_bindings
    from drivers.service.host_file import SecretsError, read_host_file, read_secrets_file

    try:
        file = read_host_file(config)
        place = run or file.run or RUN
        bindings = load_bindings(place, config)
        named = secrets_file or file.secrets
        secrets = read_secrets_file(named) if named else {}
    except (BindingError, SecretsError) as error:
        raise Trouble(str(error), "Mend what is named and run the doctor again.") from error
    told: Mapping[str, HostWord] | None = {}
    wrong = None
    try:
        told = ask_host(place, next(iter(secrets.values()), None))
    except HostSilent as error:
        wrong = silent_host(str(error))
    if told is None:
        wrong = no_host(str(place))
    with ThreadPoolExecutor(max_workers=4) as pool:
        reports = list(pool.map(lambda one: _report(one[0], one[1], told), bindings.items()))
    return reports, wrong


def _report(device: str, binding: Binding, told: Mapping[str, HostWord] | None) -> Report:
    """Look at one device: by the host where there is one, by opening it where there is none."""
    from drivers.doctor.findings import Report
    from drivers.doctor.identify import identify
    from drivers.doctor.owners import owners
    from drivers.service.adapter import WorkerPlan
    from drivers.service.binding import SPECS
    from drivers.service.options import path_of

    port, spec = binding.port, SPECS[device]
    path = path_of(port)
    present = Path(path).exists() if path else None
    report = Report(
        device=device,
        port=port,
        node=os.path.realpath(path) if present else "",
        present=present,
        allowed=present is not True or os.access(path, os.R_OK | os.W_OK),
        owners=tuple(owners(port)),
    )
    if told is not None:
        word = told.get(spec.service)
        if word is None:
            return report
        return replace(
            report,
            asked="host",
            word=word.word,
            message=word.message,
            step=word.step,
            model=word.model,
            conditions=word.conditions,
        )
    if report.present is False or not report.allowed:
        return report
    plan = WorkerPlan(device=device, adapter=spec.adapter, port=port, options=binding.options)
    return replace(report, asked="device", **asdict(identify(plan)))


def _document(
    config: Path | None,
    there: Sequence[Plugged],
    reports: Sequence[Report],
    wrong: Sequence[Finding],
) -> dict[str, object]:
    return {
        "config": str(config) if config else None,
        "plugged": [asdict(one) for one in there],
        "devices": [asdict(one) for one in reports],
        "findings": [asdict(one) for one in wrong],
    }


def _words(
    there: Sequence[Plugged], reports: Sequence[Report], wrong: Sequence[Finding]
) -> list[str]:
    """Return the same for a person."""
    lines = ["Plugged in" if there else "Nothing is plugged in."]
    lines += [f"  {one.kind:8} {one.name}  {one.usb} {one.model}".rstrip() for one in there]
    if reports:
        lines += ["", "Devices"]
    for one in reports:
        model = ", ".join(value for value in one.model.values() if isinstance(value, str))
        state = one.word or ("not plugged in" if one.present is False else "not asked")
        lines.append(f"  {one.device:16} {state:14} {one.port}  {model}".rstrip())
    for number, found in enumerate(wrong, 1):
        lines += ["", f"{number}. {found.device}: {found.problem}"]
        lines += [f"   Lost: {found.loses}.", f"   Next: {found.next}"]
    return lines


def _end(config: Path | None, wrong: Sequence[Finding]) -> list[str]:
    """Return the last lines: that all is well, or that nobody knows."""
    if config is None:
        return [
            "",
            f"No file of ports was given, and there is no {CONFIG}: which devices this terminal",
            "should have is not known, and none of them was looked at. Give it: --config FILE",
        ]
    return [] if wrong else ["", "Nothing is wrong."]
