"""What is signed beside the values, and what the slip tells of who acted and who promised."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import pytest

from intake.receiving.belongings import require_belongings
from intake.service.problems import Refusal
from kiosk.domain.application import (
    Answer,
    EnterpriseSignIn,
    signed_text_digest,
    without_objections,
)
from kiosk.domain.envelope import Envelope
from tests.unit.test_filing import printed, told
from tests.unit.test_intake_belongings import (
    AT,
    CATALOGUE,
    DECLARATION,
    FIELDS,
    FILES,
    SENT,
    SIGNED,
    TERMINAL,
    THING,
    application,
    fault,
    file,
    material,
    shown,
    signing,
)

ENTERPRISE = EnterpriseSignIn(uscc="91400700MA0000001X", name="示例商贸", role="agent", token="t")
SAID = {key: replace(own, disputed="不是这样") for key, own in FIELDS.items()}


def test_an_objection_is_signed() -> None:
    """Another word against a value is another text; without any it is the text it always was."""
    fields = {"a.b": Answer(value="1", source="share:医保", disputed="2")}
    bare = without_objections(fields)
    texts = [
        signed_text_digest(own, "declaration/1/x")
        for own in (bare, fields, {"a.b": replace(fields["a.b"], disputed="3")})
    ]
    assert len(set(texts)) == 3
    signed = b'{"declaration":"declaration/1/x","fields":{"a.b":"1"},"objections":{"a.b":"2"}}'
    assert texts[1] == hashlib.sha256(signed).hexdigest()


def test_the_slip_of_an_enterprise_tells_for_whom_and_who() -> None:
    """Its name, its code without the middle, and as what the person acted; no 申请人."""
    own = EnterpriseSignIn(uscc="91400700MA0000001X", name="示例商贸", role="agent", token="t")
    lines = printed(told(enterprise=own, objections=2))
    assert "企业 示例商贸" in lines
    assert "信用代码 914007********001X" in lines
    assert "办理人 陈*芸（经办人）" in lines
    assert "您提出 2 处不对，窗口会核对，扫码看结果" in lines
    assert not any(line.startswith("申请人") for line in lines)


@pytest.mark.parametrize("example", [False, True])
def test_a_promise_that_nobody_confirmed_is_an_example(example: bool) -> None:
    """Both times are marked where the place's are typical, and neither where they are its own."""
    marked = [line for line in printed(told(example=example)) if "（示例）" in line]
    assert len(marked) == (2 if example else 0)


@pytest.mark.parametrize(
    ("signed", "schema", "where"),
    [
        (SAID, 3, None),
        (FIELDS, 3, "application.signature"),
        (FIELDS, 2, None),
        (SAID, 2, "application.signature"),
    ],
)
def test_an_objection_is_under_the_signature(
    signed: dict[str, Answer], schema: int, where: str | None
) -> None:
    """None comes in after signing; what an older terminal signed stands under the values alone."""
    told = shown(application(), tuple(map(file, FILES))) if schema == 3 else None
    digest = signed_text_digest(signed, DECLARATION, reviewed=told)
    assert SIGNED is not None
    record = replace(SIGNED, text_digest=digest)
    assert fault(schema=schema, fields=SAID, signature=record) == where


@pytest.mark.parametrize(
    "changes",
    [
        {"situations": {}},
        {"delivery": SENT},
        {"delivery": None},
        {"enterprise": ENTERPRISE},
        {"materials": application().materials[::-1]},
        {"materials": (material("discharge_record", FILES[1]), material("bank_card", FILES[0]))},
        {"items": application().items[::-1]},
    ],
)
def test_all_that_the_review_shows_is_under_the_signature(changes: dict[str, Any]) -> None:
    """What comes in after signing is refused; what older terminals signed stands as it did."""
    assert SIGNED is not None
    assert fault(**changes) is None
    assert fault(**changes, signature=SIGNED) == "application.signature"
    before = replace(SIGNED, text_digest=signed_text_digest(FIELDS, DECLARATION))
    assert fault(**changes, signature=before, schema=2) is None
    assert fault(**changes, signature=before) == "application.signature"


def test_another_picture_is_another_text() -> None:
    """A photograph is signed by its content, whatever its name."""
    files = tuple(map(file, FILES))
    other = (replace(files[0], sha256="1" * 64), *files[1:])
    first, second = (signing(application(), own).signature for own in (files, other))
    assert first
    assert second
    assert first.text_digest != second.text_digest
    envelope = Envelope(application=application(signature=first), attachments=other)
    with pytest.raises(Refusal, match="INVALID"):
        require_belongings(
            TERMINAL,
            envelope,
            THING,
            THING.chosen(envelope.application.items),
            AT,
            catalogue=CATALOGUE,
        )
