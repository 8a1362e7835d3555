"""The clerk at work on a whole newborn application, and what the citizen reads meanwhile."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from typing import Any

from intake.office.decisions import Act
from intake.office.due import due_text
from intake.receiving.catalogues import Catalogues
from intake.records.store import Store
from kiosk.domain.envelope import Attachment
from tests.clerk_desk import desk, detail, filed, promising, store
from tests.intake_desk import CONFIG, IntakeDesk, problem_of
from tests.newborn_filing import MOTHER, filing, keep

__all__ = ["desk", "store"]


def test_the_form_is_read_in_groups(desk: IntakeDesk, store: Store) -> None:
    """Each person has their own group, sources are named, and every number is hidden."""
    page = detail(desk, filed(store)[0])
    titles = re.findall(r"<h4>(\w+)</h4>", page)
    assert titles == [
        *("宝宝", "出生", "母亲", "父亲", "参保", "医疗", "收款", "社保卡", "送达"),
    ]
    for shown in ("李安禾", "卫健共享", "父亲授权共享", "拍照识别", "本人填写", "2026年11月14日"):
        assert shown in page
    for secret in (MOTHER["id_no"], "15460368710", "6212261702001234567", "6,123.50"):
        assert secret not in page
    assert "没有结婚" not in page.replace("还没有", "")
    assert "结婚了" in page


def test_materials_signature_and_delivery_are_seen(desk: IntakeDesk, store: Store) -> None:
    """What was captured is there to look at, what nobody had to bring says why, addresses hide."""
    application, _ = filed(store)
    page = detail(desk, application)
    assert "已拍 2 页" in page
    assert page.count("data-picture=") == 4
    assert "“《出生医学证明》办理(首签)”办出" in page.replace("&#34;", '"')
    assert "在终端手写签名" in page
    assert "全部办完后一起给" in page
    delivery = page.partition("结果送达")[2].partition("</dl>")[0]
    assert "试行巷" not in delivery
    for field, value in (("results.address", "试行巷27号"), ("results.phone", "15460368710")):
        answer = desk.page(
            "POST",
            f"/clerk/applications/{application.application_no}/reveal",
            json={"field": field},
        )
        assert value in answer.json()["value"]
    for field in ("results.together", "results.x", "results."):
        answer = desk.page(
            "POST",
            f"/clerk/applications/{application.application_no}/reveal",
            json={"field": field},
        )
        assert problem_of(answer)["code"] == "NOT_FOUND"


def test_one_booklet_shows_all_items_that_use_it(desk: IntakeDesk, store: Store) -> None:
    """A picture that serves two names of a booklet names every item; nothing is missing."""
    application, _ = filed(store, "social-security-card", "parenting-guidance")
    page = detail(desk, application)
    brought = page.partition('id="materials"')[2].partition("</section>")[0]
    assert brought.count("<b>出生医学证明</b>") == 1
    assert "出生医学证明（监护关系）" not in brought
    assert "用于：科学育儿指导服务登记、社会保障卡申领" in brought


def test_who_grants_without_the_first_result_is_asked_for_it(
    desk: IntakeDesk, store: Store
) -> None:
    """The item before failed: the button asks what took its place, and the citizen reads it."""
    application, slip = filed(store, "birth-certificate", "vaccination-certificate")
    items, now = [item.no for item in application.items], datetime.now(UTC)
    for act in (Act.RECEIVE, Act.ACCEPT, Act.REVIEW):
        store.act(items, act, now=now)
    assert "前一事项没有办出" not in detail(desk, application)
    store.act(items[:1], Act.WITHDRAW, now=now)
    page = detail(desk, application)
    assert "等它准予后才能决定" not in page
    assert 'data-write="前一事项没有办出' in page
    path = f"/clerk/items/{items[1]}/grant"
    assert problem_of(desk.page("POST", path, json={"text": ""}))["code"] == "REASON_MISSING"
    assert desk.page("POST", path, json={"text": "已交原件"}).status_code == 200
    public = desk.page("GET", f"/p/{slip}").text
    assert "已经另行提供：已交原件" in public
    assert "没有办出" in public


def test_a_promised_material_says_until_when(desk: IntakeDesk, store: Store) -> None:
    """承诺后补 shows its last day; one that is missing altogether is called so."""
    application, slip = promising(store)
    now, workdays = datetime.now(UTC), Catalogues([CONFIG]).workdays("410700")
    last = f"承诺后补，最迟 {due_text(workdays.after_days(now, 5), workdays, now)}"
    page = detail(desk, application)
    assert last in page
    assert '<span class="tag missing">没有交</span>' in page
    public = desk.page("GET", f"/p/{slip}").text
    assert f"出院记录：{last}" in public


def test_an_old_application_has_nothing_more(desk: IntakeDesk, store: Store) -> None:
    """Details without materials, signature and delivery, and a slip page for them, still show."""
    made, _ = filing()
    old = {key: made.details[key] for key in ("applicant", "fields", "consents", "evidence")}
    application, slip = filed(store, details=old, attachments=())
    page = detail(desk, application)
    assert "没有材料要交" in page
    assert "结果送达" not in page
    assert desk.page("GET", f"/p/{slip}").status_code == 200


def test_pictures_open_with_their_own_application_only(desk: IntakeDesk, store: Store) -> None:
    """A picture has its type, is not kept or sniffed; through another number it is not there."""
    application, _ = filed(store)
    other, _ = filed(store)
    files = {one.name: one.id for one in application.attachments}

    def fetch(number: str, file: int) -> Any:
        return desk.page("GET", f"/clerk/applications/{number}/files/{file}")

    for name, kind in (("discharge_record-1.jpg", "image/jpeg"), ("signature.png", "image/png")):
        answer = fetch(application.application_no, files[name])
        assert answer.headers["content-type"] == kind
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert "sandbox" in answer.headers["content-security-policy"]
        foreign = fetch(other.application_no, files[name])
        assert problem_of(foreign)["code"] == "NOT_FOUND"
    saved = fetch(application.application_no, files["signature.json"])
    assert saved.headers["content-type"] == "application/octet-stream"
    assert saved.headers["content-disposition"].startswith("attachment")


def test_a_page_that_calls_itself_a_picture_is_saved(desk: IntakeDesk, store: Store) -> None:
    """Bytes that are no picture are never shown as what they call themselves."""
    body = b"[<html><script>alert(1)</script>"  # sent as JSON
    digest = hashlib.sha256(body).hexdigest()
    for kind in ("image/png", "text/html", "image/svg+xml"):
        page = Attachment(name="x.png", sha256=digest, size=len(body), media_type=kind)
        keep(store, [body])
        application, _ = filed(store, attachments=(page,))
        file = application.attachments[0].id
        answer = desk.page("GET", f"/clerk/applications/{application.application_no}/files/{file}")
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"].startswith("attachment")


def test_supplement_is_told_at_once_and_in_whole(desk: IntakeDesk, store: Store) -> None:
    """The citizen reads every line that is missing, without anybody's data, until it is given."""
    application, slip = filed(store)
    item = application.items[4].no
    text = "出院记录缺第 2 页\n陈晓芸的卡 6212261702001234567 拍得不清楚"
    answer = desk.page("POST", f"/clerk/items/{item}/require-supplement", json={"text": text})
    assert answer.json()["state_text"] == "待补正"
    public = desk.page("GET", f"/p/{slip}").text
    assert "要您补齐" in public
    assert "出院记录缺第 2 页" in public
    assert "补正通知书" in public
    for secret in ("陈晓芸", "6212261702", MOTHER["id_no"][6:14]):
        assert secret not in public
    assert "陈晓芸的卡" in detail(desk, application)
    desk.page("POST", f"/clerk/items/{item}/supplied")
    assert "要您补齐" not in desk.page("GET", f"/p/{slip}").text
    empty = desk.page("POST", f"/clerk/items/{item}/require-supplement", json={"text": " "})
    assert problem_of(empty)["code"] == "REASON_MISSING"


def test_what_is_written_is_text(desk: IntakeDesk, store: Store) -> None:
    """Names, reasons and form values that look like markup are shown, not run, on every page."""
    evil = '<img src=x onerror="alert(1)">'
    made, _ = filing()
    fields = made.details["fields"] | {"newborn.name": {"value": evil, "source": "<b>user</b>"}}
    materials = [made.details["materials"][0] | {"name": evil}]
    details = made.details | {
        "fields": fields,
        "materials": materials,
        "situations": {"<i>": evil},
        "role": "<i>",
    }
    application, slip = filed(store, applicant_name=evil, details=details)
    item = application.items[0].no
    desk.page("POST", f"/clerk/items/{item}/require-supplement", json={"text": evil})
    no = application.application_no
    for path in ("/", f"/clerk/applications/{no}", f"/clerk/rows/{no}", f"/p/{slip}"):
        page = desk.page("GET", path).text
        assert "<img src=x" not in page, path
        assert "<b>user" not in page
        assert "<i>" not in page.replace("<i></i>", "")
    found = desk.page("GET", "/", params={"q": evil})
    assert "<img src=x" not in found.text
    assert f"row-{no}" in found.text


def test_acts_for_all_items_go_together(desk: IntakeDesk, store: Store) -> None:
    """One touch receives all; when one cannot, none moves and the answer says which."""
    application, slip = filed(store)
    numbers = [item.no for item in application.items]
    done = desk.page("POST", "/clerk/acts/receive", json={"items": numbers})
    assert done.json() == {"application_no": application.application_no, "items": 7}
    store.act([numbers[2]], Act.ACCEPT, now=datetime.now(UTC))
    again = desk.page("POST", "/clerk/acts/accept", json={"items": numbers})
    problem = problem_of(again)
    assert problem["code"] == "STATE_CONFLICT"
    assert application.items[2].name in problem["detail_zh"]
    assert "已受理" in problem["detail_zh"]
    public = desk.page("GET", f"/p/{slip}").text
    assert public.count(">已收件<") == 6
    assert public.count("收件回执") == 7
    bodies: tuple[dict[str, Any], ...] = (
        {"items": []},
        {},
        {"items": numbers, "text": "x" * 5000},
    )
    for body in bodies:
        assert desk.page("POST", "/clerk/acts/accept", json=body).status_code == 422
    unknown = desk.page("POST", "/clerk/acts/burn", json={"items": numbers})
    assert unknown.status_code == 422


def test_the_citizen_reads_what_happens_next(desk: IntakeDesk, store: Store) -> None:
    """Each state says in plain words who does what by when; waiting for another item is said."""
    application, slip = filed(store, "birth-certificate", "vaccination-certificate")
    items, now = [item.no for item in application.items], datetime.now(UTC)

    def public() -> str:
        return desk.page("GET", f"/p/{slip}").text

    assert "窗口 2 个工作小时内核对完材料，最迟" in public()
    store.act(items, Act.RECEIVE, now=now)
    assert "1 个工作日内决定是否受理，最迟" in public()
    store.act(items, Act.ACCEPT, now=now)
    assert "2 个事项，已结束 0 个。全部办结最迟" in public()
    store.act(items, Act.REVIEW, now=now)
    assert "等“《出生医学证明》办理(首签)”办出结果后再作决定" in public()
    store.act(items[:1], Act.REFUSE, "记录与申请不一致", now=now)
    page = public()
    assert "记录与申请不一致" in page
    assert "行政复议" in page
    assert "没有办出" in page
    assert "窗口会联系您" in page
    assert "请联系申请人" not in page
    store.act(items[1:], Act.WITHDRAW, now=now)
    assert "已撤回" in public()


def test_a_standing_clock_is_told(desk: IntakeDesk, store: Store) -> None:
    """While a department waits for the citizen, both read what is left; the day is due after."""
    application, slip = filed(store, "household-registration")
    items, now = [item.no for item in application.items], datetime.now(UTC)
    for act in (Act.RECEIVE, Act.ACCEPT):
        store.act(items, act, now=now)
    assert "还有 3 个工作日" in desk.page("GET", f"/p/{slip}").text
    assert " 前（示例，还有 3 个工作日" in detail(desk, application)
    asked = store.act(items, Act.REQUIRE_SUPPLEMENT, "缺一页", now=now)
    assert asked.items[0].due_at is None
    public = desk.page("GET", f"/p/{slip}").text
    assert "补齐以前不计时，补齐后还有 3 个工作日办结" in public
    assert "已完成 3 步" in public
    assert "停表，补齐后还有 3 个工作日" in detail(desk, application)
    (told,) = desk.send("GET", f"/v1/progress/{slip}").json()["items"]
    assert (told["due"], told["days_left"], told["late"]) == ("", None, False)
    store.act(items, Act.SUPPLIED, now=now)
    (told,) = desk.send("GET", f"/v1/progress/{slip}").json()["items"]
    assert (told["days_left"], told["late"]) == (3, False)
    assert datetime.fromisoformat(told["due"]).hour == 17


def test_tabs_search_and_pages(desk: IntakeDesk, store: Store) -> None:
    """Each group has a tab with its count; a search is kept in the links of its pages."""
    for _ in range(31):
        filed(store, "parenting-guidance", applicant_name="翻页人")
    page = desk.page("GET", "/", params={"q": "翻页人"}).text
    assert page.count('class="row ') == 30
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert following is not None
    second = desk.page("GET", following[1].replace("&amp;", "&")).text
    assert second.count('class="row ') == 1
    counts = desk.page("GET", "/clerk/counts").json()
    for group, count in counts.items():
        shown = re.search(rf'data-count="{group}"[^>]*>(\d+)<', desk.page("GET", "/").text)
        assert shown is not None
        assert int(shown[1]) == count
    for wrong in ({"show": "x"}, {"at": 0}, {"q": "x" * 101}):
        assert desk.page("GET", "/", params=wrong).status_code == 422


def test_no_item_hides_behind_another(desk: IntakeDesk, store: Store) -> None:
    """An application is in the tab of each of its items, there with that item's state."""
    before = desk.page("GET", "/clerk/counts").json()
    application, _ = filed(store)
    items, now = [item.no for item in application.items], datetime.now(UTC)
    review = (Act.RECEIVE, Act.ACCEPT, Act.REVIEW)
    for item, acts in {
        items[0]: (*review, Act.GRANT, Act.COMPLETE),
        items[1]: review,
        items[2]: review,
        items[3]: (Act.RECEIVE, Act.NOT_ACCEPT),
        items[4]: (Act.REQUIRE_SUPPLEMENT,),
    }.items():
        for act in acts:
            store.act([item], act, "理由", now=now)
    counts = desk.page("GET", "/clerk/counts").json()
    no = application.application_no
    for show, word in {
        "submitted": "已提交",
        "supplement": "待补正",
        "in_review": "审批中",
        "completed": "已办结",
        "closed": "不予受理",
    }.items():
        assert counts[show] == before[show] + 1, show
        for path in ("/", f"/clerk/rows/{no}"):
            page = desk.page("GET", path, params={"show": show}).text
            row = page.partition(f'id="row-{no}"')[2].partition("</a>")[0]
            assert word in row, (path, show)
    for show in ("received", "accepted", "decided"):
        assert counts[show] == before[show]
        assert f"row-{no}" not in desk.page("GET", "/", params={"show": show}).text
    assert "已提交" in desk.page("GET", f"/clerk/rows/{no}").text


def test_the_guide_says_what_it_takes(desk: IntakeDesk) -> None:
    """Simple: figures, what to bring, items, steps. Complete: also the seven parts of each item."""
    simple = desk.page("GET", "/g/410700/newborn").text
    for words in ("新生儿出生", "原来 99 格", "出院记录", "银行卡", "不收费", "预防接种证办理"):
        assert words in simple
    assert "设定依据" not in simple
    full = desk.page("GET", "/g/410700/newborn?full=true").text
    assert full.count("<dt>设定依据</dt>") == 7
    assert "您和孩子的另一位家长结婚了吗" in full
    assert "就医费用报销" in desk.page("GET", "/g/410700/medical-expenses").text
    for path in ("/g/410700/none", "/g/110000/newborn"):
        missing = desk.page("GET", path)
        assert missing.status_code == 404
        assert "没有这份指南" in missing.text


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#rrggbb`` (WCAG 2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_colours_are_read_by_everyone(desk: IntakeDesk) -> None:
    """Running text has 7:1 on its grounds, small words 4.5:1, borders of buttons 3:1."""
    css = desk.page("GET", "/static/paper.css").text
    tokens = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", css)) | {"card": "#ffffff"}
    for text, ground, least in (
        *(("ink", ground, 7) for ground in ("paper", "card", "stone", "gold-wash")),
        *(("ink-2", ground, 7) for ground in ("paper", "card")),
        ("deep", "card", 7),
        *((f"{word}-ink", f"{word}-wash", 4.5) for word in ("jade", "gold", "seal")),
        *(("seal-ink", ground, 7) for ground in ("card", "paper")),
        ("card", "jade", 4.5),
        *(("line-strong", ground, 3) for ground in ("card", "paper")),
    ):
        assert contrast(tokens[text], tokens[ground]) >= least, (text, ground)
