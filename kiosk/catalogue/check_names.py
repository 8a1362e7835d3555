"""Refuse names that hide something, services of intermediaries as conditions, what may never be.

A material called 其他 or 等 asks for whatever a clerk likes; the policy forbids conditions without
a law and intermediaries' services as conditions (新乡市 二(二)5).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kiosk.catalogue.faults import Location, fault
from kiosk.catalogue.model import ItemFile
from kiosk.catalogue.sources import Sources
from kiosk.documents import Document, DocumentFault
from kiosk.domain.dictionary import Basis, Disposition

VAGUE = re.compile(r"其他|其它|(有关|相关)(材料|证明|资料)|等(材料|证明|文件|资料|$|[）)])")
INTERMEDIARY = re.compile(r"评估报告|审计报告|中介|(检测|鉴定|评估|检验)机构出具|事务所出具")
Faults = Iterator[DocumentFault]


def check_names(sources: Sources) -> Faults:
    """Return each name that hides something, each forbidden condition, name and question."""
    yield from _papers(sources)
    for source in sources.things:
        for index, item in enumerate(source.file.items):
            yield from _item(source.document, ("items", index), item)
    yield from _never(sources)


def _papers(sources: Sources) -> Faults:
    for source in sources.dictionary:
        for key, paper in source.file.materials.items():
            at: Location = ("materials", key, "name")
            if VAGUE.search(paper.name):
                problem = f"{paper.name} does not say which paper"
                yield fault(source.document, at, problem, "Name each paper by itself.")
            if paper.disposition is Disposition.CAPTURE and INTERMEDIARY.search(paper.name):
                problem = f"{paper.name} is an intermediary's service"
                yield fault(source.document, at, problem, "Leave it out: no law asks for it.")


def _item(document: Document, at: Location, own: ItemFile) -> Faults:
    if own.guide is None:
        return
    for member in ("conditions", "process"):
        for index, clause in enumerate(getattr(own.guide, member)):
            where: Location = (*at, "guide", member, index)
            text = clause if isinstance(clause, str) else clause.text
            if isinstance(clause, str) and own.basis is not Basis.TYPICAL:
                hint = "Write text and legal_basis, or mark the item basis: typical."
                yield fault(document, where, "what is confirmed needs legal_basis", hint)
            if member == "conditions" and INTERMEDIARY.search(text):
                hint = "Leave it out: no law makes an intermediary's service a condition."
                yield fault(document, where, f"{text} is an intermediary's service", hint)


def _never(sources: Sources) -> Faults:
    """What may never be offered is no name, and what may never be asked no question."""
    if sources.never is None:
        return
    for document, at, name in _said(sources):
        for entry in sources.never.file.never:
            if any(word in name for word in entry.words):
                problem = f"{name} may never be offered here: {entry.why}"
                yield fault(document, at, problem, "Take it out.")


def _said(sources: Sources) -> Iterator[tuple[Document, Location, str]]:
    """Yield the names of things and items, the questions of fields and the names of papers."""
    for thing in sources.things:
        yield thing.document, ("name",), thing.file.name
        for number, item in enumerate(thing.file.items):
            yield thing.document, ("items", number, "name"), item.name
    for words in sources.dictionary:
        for key, field in words.file.fields.items():
            yield words.document, ("fields", key, "label"), field.label
        for key, paper in words.file.materials.items():
            yield words.document, ("materials", key, "name"), paper.name
