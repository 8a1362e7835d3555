"""What a device's page reads from the log: counts of today, troubles of a week, nobody's visit."""

from __future__ import annotations

from pathlib import Path

from kiosk.audit import AuditLog, Event
from kiosk.domain.roster_words import Help
from kiosk.maintenance.context import Context, Place
from kiosk.maintenance.facts import SignedIn, Statuses
from kiosk.maintenance.present import present
from kiosk.maintenance.staff import RIGHTS, Role
from kiosk.maintenance.states import State
from kiosk.session.maintenance.trace_errands import history_of
from kiosk.translation import Translator
from tests.faults.test_agent_maintenance import Terminal

WORDS = Translator("zh", strict=True)


def test_a_devices_page_has_its_counts_and_troubles_in_words(tmp_path: Path) -> None:
    """A visit's cards and slips, a fault, a test that failed: each where it belongs, once."""
    (tmp_path / "audit").mkdir()
    log = AuditLog(tmp_path / "audit" / "audit.log")
    for visit in ("v1", "v2"):
        log.append(Event("identity_read"), visit=visit, method="card")
        log.append(Event("receipt_not_printed"), visit=visit, reason="paperOut")
    log.append(Event("identity_failed"), visit="v3", reason="removed")
    log.append(Event("fault_began"), fault="receipt_printer.out")
    log.append(Event("device_tested"), person="0317", device="receipt_printer", result="failed")
    log.append(Event("device_tested"), person="0317", device="receipt_printer", result="passed")
    log.close()
    terminal = Terminal(tmp_path, Role.CLERK)
    try:
        with terminal.signed_in() as own:
            assert own.call("look")["unprinted"] == 2
            reader = own.call("history", part="id_reader")
            printer = own.call("history", part="receipt_printer")
    finally:
        terminal.close()
    assert reader["counts"] == {"today": 2, "failed": 1}
    assert _page("id_reader", reader) == [("读卡没有读成（卡拿起得太早）", 1)]
    assert printer["counts"] == {"today": 0, "failed": 2}
    assert _page("receipt_printer", printer) == [
        ("测试没有通过", 1),
        ("凭条纸用完了", 1),
        ("凭条没有打出来（没有纸）", 2),
    ]


def test_an_outage_of_five_seconds_is_told_once(tmp_path: Path) -> None:
    """The log has each, whether or not somebody looked for faults while it lasted."""
    (tmp_path / "audit").mkdir()
    log = AuditLog(tmp_path / "audit" / "audit.log")
    for _ in range(2):
        log.append(Event("power_lost"))
        log.append(Event("power_back"))
    log.append(Event("fault_began"), fault="ups.battery")
    log.close()
    terminal = Terminal(tmp_path, Role.CLERK)
    try:
        with terminal.signed_in() as own:
            ups = own.call("history", part="ups")
            panel = own.call("history", part="panel")
    finally:
        terminal.close()
    assert _page("ups", ups) == [("停电了", 2)]
    assert _page("panel", panel) == []


def _page(part: str, told: dict[str, object]) -> list[tuple[str, int]]:
    """Return the troubles as the page of a clerk shows them."""
    person = SignedIn(work_no="0317", role=Role.CLERK, rights=RIGHTS[Role.CLERK])
    ctx = Context(
        place=Place(service="s", place="p", help=Help(phone="12345"), terminal="t"),
        page=State.DEVICE,
        part=part,
        person=person,
        statuses=Statuses(devices={part: {"common": {"device": "online"}}}),
        history=history_of(part, told),
    )
    view = present(ctx, WORDS)
    return [(dict(one.told.values).get("text", one.told.key), one.times) for one in view.errors]  # type: ignore[union-attr]
