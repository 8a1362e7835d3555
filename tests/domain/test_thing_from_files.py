"""A thing that was never here: begun by the command, put on the list, filed in a whole visit."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.catalogue.check_template import PLACEHOLDER
from kiosk.catalogue.files import load
from kiosk.cli import main
from kiosk.domain.examples import example
from kiosk.journey.rehearsal import Rehearsal
from kiosk.journey.script import Outcome, Script, Step, Writing
from kiosk.journey.states import State
from tests.journeys.stage import TODAY, context, world

CONFIG = Path(__file__).parents[2] / "config"
NEW = ("catalogue", "new", "thing", "pet-registration", "--name", "养犬登记", "--audience", "个人")


def test_it_is_filed_up_to_the_receipt(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Files alone: no line of program knows this thing."""
    config = Path(shutil.copytree(CONFIG, tmp_path / "config"))
    assert main([*NEW, "--theme", "安居住房", "--config", str(config)]) == 0
    printed = capsys.readouterr().out.splitlines()
    lines = "\n".join(line for line in printed if not line.startswith("#"))
    path = config / "jurisdictions" / "410700.list.yaml"
    listed = lines.replace("number: 1", "number: 99").replace("牵头部门", "市公安局")
    path.write_text(f"{path.read_text(encoding='utf-8').rstrip()}\n{listed}\n", encoding="utf-8")
    file = config / "catalogue" / "things" / "pet-registration.yaml"
    asked = "fields: [person.name, person.id_no, person.mobile"
    text = file.read_text(encoding="utf-8")
    told = text.replace(asked, f"{asked}, pet.name").replace(PLACEHOLDER, "")
    file.write_text(told, encoding="utf-8")
    (config / "catalogue" / "dictionary" / "pet.yaml").write_text(
        "fields:\n  pet.name: {label: 犬的名字, kind: name, sources: [user], example: 小黄}\n",
        encoding="utf-8",
    )
    catalogue = load(config, "410700")
    name = example(catalogue.dictionary["pet.name"], TODAY)

    steps = (
        Step(page=State.ATTRACT, tap="begin"),
        Step(page=State.HOME, tap="open_thing:pet-registration"),
        Step(page=State.GUIDE, expect={"items": 1}, tap="start"),
        Step(page=State.CARD, put_card="chen-xiaoyun"),
        Step(page=State.CONSENT, tap="agree"),
        Step(page=State.FORM, write=Writing(text=name, keys="xiaohuang")),
        Step(page=State.FORM, expect={"left": 0}, tap="next"),
        Step(page=State.DELIVERY, tap="deliver:window"),
        Step(page=State.DELIVERY, tap="next"),
        Step(page=State.REVIEW, tap="next"),
        Step(page=State.SIGN, draw=True),
        Step(page=State.SIGN, expect={"signed": True}, tap="submit"),
        Step(page=State.RECEIPT, expect={"outcome": "submitted", "printing": "printed"}),
    )
    script = Script(
        name="from-files",
        about="养犬登记",
        steps=steps,
        outcome=Outcome(outcome="submitted", printed=True, filings=1),
    )
    Rehearsal(script, world(), lambda: replace(context(), catalogue=catalogue)).run()
