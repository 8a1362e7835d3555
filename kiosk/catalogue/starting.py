"""Begin a new thing: a file that is right in shape and says in Chinese what has to be written.

What is begun here is not offered anywhere until a jurisdiction's list names it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

from kiosk.catalogue.check_template import PLACEHOLDER
from kiosk.catalogue.faults import CatalogueError
from kiosk.documents import DocumentFault

_THING: Final = """\
# yaml-language-server: $schema=../../schema/thing.schema.json
# {name}：{audience}。凡是示例（basis: typical）的内容，要由主管部门核对、替换后改成 confirmed。
code: {code}
name: {quoted}
audience: {audience}
theme: {theme}
icon: file-text
intro: {blank}一句话说清办成什么
words: [{quoted}]
steps: 4
minutes: 10
delivery: [window, e_licence]
signature: true

# 情形：答案决定办哪些事项、填哪些项、交哪些材料。问得越少越好；没有就删掉这一段。
situations:
  - code: first
    question: {blank}您是第一次办吗？（照实际改，或者删掉这一段）
    options:
      - value: first
        label: 是第一次
      - value: again
        label: 以前办过

# 表单分页：每个要填的项只出现在一页上。
pages:
  - code: person
    title: 您本人
    shows: [{person}.name, {person}.id_no]
    fields: [{person}.name, {person}.id_no, {person}.mobile]

items:
  - code: {code}-item
    name: {quoted}
    department: {blank}主管部门
    mode: file
    basis: typical
    note_for_authority: 均为示例；请主管部门按实施清单核对、替换后把 basis 改为 confirmed。
    fields: [{person}.name, {person}.id_no, {person}.mobile]
    materials: []
    limit_days: 5
    separate: {{days: 10, steps: 4}}
    fee_fen: 0
    fee_kind: none
    agent_allowed: true
    levels: [市, 县]
    scope: 异地受理属地办理{seal}
    guide:
      basis: {blank}设定依据（示例，待主管部门核对）
      conditions:
        - {blank}谁能办，一条一句
      process:
        - 在这里提交
        - {blank}接下来谁做什么，一步一句
      fee_basis: 不收费
      result: {blank}办成后拿到什么
"""

_LISTED: Final = """\
  - number: {number}
    thing: {code}
    name: {quoted}
    lead: [牵头部门]
    joint: [牵头部门]
    deadline: 已开办
    status: open
    items:
      - item: {code}-item
        name: {quoted}
        departments: [牵头部门]
"""

AUDIENCES: Final = ("个人", "企业")
_CODE: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def begin(config_dir: Path, code: str, *, name: str, audience: str, theme: str) -> Path:
    """Write the file of a new thing and return its path.

    Raises:
        CatalogueError: a thing of this code is there already, the code is none, or this is no
            folder of a configuration.
    """
    path = config_dir / "catalogue" / "things" / f"{code}.yaml"
    if not _CODE.fullmatch(code):
        raise CatalogueError((_wrong(path.parent, f"{code!r} is no code", "Write it as pet-dog."),))
    if not path.parent.is_dir():
        raise CatalogueError((_wrong(path.parent, "is not there", "Name a config directory."),))
    if path.exists():
        hint = "Take another code, or change that file."
        raise CatalogueError((_wrong(path, "this thing is there already", hint),))
    person = "agent" if audience == "企业" else "person"
    names = {"name": name, "audience": audience, "theme": theme, "person": person}
    seal = "\n    seal: none" if audience == "企业" else ""
    text = _THING.format(code=code, seal=seal, blank=PLACEHOLDER, quoted=_quoted(name), **names)
    path.write_text(text, encoding="utf-8")
    return path


def lines_for_list(code: str, name: str, number: int) -> str:
    """Return what a jurisdiction's list needs so that the thing is offered there."""
    return _LISTED.format(code=code, quoted=_quoted(name), number=number)


def _quoted(name: str) -> str:
    """Return a name as YAML takes it, whatever signs it has; most need no marks."""
    return name if re.fullmatch(r"[\w（）“”、，·]+", name) else json.dumps(name, ensure_ascii=False)


def _wrong(path: Path, problem: str, hint: str) -> DocumentFault:
    return DocumentFault(file=path, line=1, key="code", problem=problem, hint=hint)
