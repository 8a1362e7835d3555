"""What staff are told when the agent does not answer, or does not do what they asked for."""

from __future__ import annotations

from pathlib import Path

from kiosk.journey.view_parts import text
from kiosk.maintenance.facts import Did, Examined, Looked
from kiosk.maintenance.intents import Said
from kiosk.maintenance.staff import Role
from kiosk.session.maintenance.agent_desk import AgentDesk
from tests.unit.test_maintenance_course import Stay


def test_an_agent_that_is_gone_is_told_and_no_figure_stays(tmp_path: Path) -> None:
    """What the last look said is not shown as so: neither "all handed over" nor "ready"."""
    stay = Stay().signed_in(Role.ENGINEER)
    stay.say(Said.LOOKED, AgentDesk(tmp_path / "gone.sock", "secret").look())
    glance = stay.view()
    assert glance.tasks[0].key == "agent.gone"
    assert {one.tone for one in glance.counts} == {"unknown"}
    assert dict(glance.lead.values)["state"] == "不知道"
    stay.tap("outbox")
    outbox = stay.view()
    assert (outbox.title.key, outbox.known) == ("staff.outbox.unknown", False)
    assert {one.tone for one in outbox.counts} == {"unknown"}
    assert outbox.notices[0].text.key == "faults.agent.gone.title"
    stay.tap("back", "report")
    stay.say(Said.EXAMINED, Examined(findings=()))
    assert stay.view().title.key == "staff.report.unknown"
    stay.tap("back").say(Said.LOOKED, Looked())
    assert "agent.gone" not in [one.key for one in stay.view().tasks]


def test_a_stop_that_was_not_done_is_told_in_red() -> None:
    """The clerk does not go away from a terminal that still serves."""
    stay = Stay().signed_in().tap("out", "stop")
    lost = Did(well=False, told=text("upkeep.refused.lost"))
    stay.say(Said.DID, lost)
    told = stay.view().notices[0]
    assert (told.kind, told.text.key) == ("trouble", "staff.out.not_stopped")
    assert told.hint == lost.told
