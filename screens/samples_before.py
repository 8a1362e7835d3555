"""Samples of the pages between home and form: guide, choose, card, consent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from kiosk.journey import view as v
from screens.sample import HELP, HOME, Sample, act, figure, frame, line, say

FIGURES: Final = (
    figure(
        say("要填", "To fill in"), "10", say("项", "facts"), say("分开办 99 项", "99 separately")
    ),
    figure(say("要带", "To bring"), "2", say("样", "papers"), say("分开办 28 样", "28 separately")),
    figure(
        say("要等", "To wait"), "10", say("工作日", "days"), say("分开办 46 天", "46 separately")
    ),
    figure(say("收费", "Fee"), "0", say("元", "yuan"), say("办理不收费；另有费用")),
)
_ITEMS: Final = (
    ("出生医学证明（首签）", "Birth certificate (first issue)", "市卫健委"),
    ("预防接种证", "Vaccination certificate", "市卫健委"),
    ("户口登记（1 岁以下婚内本市生育）", "Household registration (under one year)", "市公安局"),
    ("社会保障卡申领", "Social security card", "市人社局"),
    ("生育医疗费用报销", "Maternity reimbursement", "市医保局"),
    ("居民医保登记", "Medical insurance", "市医保局"),
    ("科学育儿指导服务登记", "Parenting guidance", "市卫健委"),
)
BRING: Final = (
    line("身份证", "ID card", say("要本人的，没过期的", "Your own, still valid"), "id-card"),
    line(
        "出院记录",
        "Discharge record",
        say("在这里拍照，约 20 秒", "Photographed here, 20 s"),
        "medical-record",
    ),
    line(
        "银行卡",
        "Bank card",
        say("报销款打到这张卡", "The money goes to this card"),
        "bank-card/卡号",
    ),
)


def guide() -> v.GuideView:
    """Return the guide of the newborn visit."""
    departments = {
        "市卫健委": "Health",
        "市公安局": "Police",
        "市人社局": "Labour",
        "市医保局": "Insurance",
    }
    return v.GuideView(
        page="guide",
        frame=frame(0, go=act("start", "开始办理", "Start")),
        title=say("新生儿出生，一次办这些", "A child is born: all in one visit"),
        figures=FIGURES,
        items=tuple(line(a, b, say(c, departments[c])) for a, b, c in _ITEMS),
        fill=(
            line("宝宝姓名", "Name of the child"),
            line("民族", "Nationality"),
            line("户口随谁", "Whose household"),
            line("现住址", "Address"),
            line("收款卡号", "Account"),
        ),
        bring=BRING,
        spared=tuple(
            line(a, b)
            for a, b in (
                ("结婚证", "Marriage certificate"),
                ("户口簿", "Household register"),
                ("出生医学证明", "Birth certificate"),
                ("费用票据", "Bills"),
                ("医保凭证", "Insurance voucher"),
                ("父母身份证复印件", "Copies of ID cards"),
            )
        ),
        stages=(
            line("提交，领回执", "Submit", say("今天", "Today")),
            line("材料核对完", "Papers checked", say("2 个工作时", "2 hours")),
            line("各部门受理", "Accepted", say("1 个工作日", "1 day")),
            line("全部办好", "All done", say("12月7日前", "by 7 Dec")),
        ),
        rules=(
            line(
                "设定依据", "Basis", say("《中华人民共和国母婴保健法》第二十三条（示例，待核对）")
            ),
            line("受理条件", "Conditions", say("孩子在本市出生，父母一方是本市户口，不满 1 岁")),
            line("申请材料", "Papers", say("出院记录：要带原件；户口簿：不用带")),
            line("办理流程", "Procedure", say("在这里填表、提交；部门并联办理；短信告诉您")),
            line("流程图：第 1 步", "Flow: step 1", say("《出生医学证明》办理")),
            line("流程图：第 2 步", "Flow: step 2", say("同时办：出生登记、社保卡申领、医保登记")),
            line("收费依据及标准", "Fee", say("办理不收费；另有费用")),
            line("办结时限", "Time limit", say("10 个工作日（示例）")),
            line("办理结果", "Result", say("出生医学证明、户口页、社会保障卡、医保参保凭证")),
            line("请注意", "Note", say("出生证上的名字改不了，请想好再填。")),
        ),
        heads=(
            line("谁能办", "Who", say("本人，带身份证", "The applicant, with the ID card")),
            line("在哪办", "Where", say("本自助终端；市政务服务中心“一件事”窗口（示例）")),
            line("怎么办", "How", say("放身份证，一张表填完，一次提交；4 步办完；10 分钟左右")),
        ),
        promise=(
            line(
                "跑动次数",
                "Visits",
                say(
                    "3 次（示例）：先来这里提交；再去：带孩子去打针，领接种证；"
                    "再去：带身份证去银行开通卡里的账户"
                ),
            ),
            line("分开办", "Done separately", say("至少跑 9 次（示例）")),
            line("承诺办结时限", "Promised", say("10 个工作日，从受理那天算（示例）")),
        ),
        qr="http://127.0.0.1:8080/g/newborn",
        print=act("print_guide", "打印这张清单", "Print this list", icon="printer"),
        sheet=act("print_sheet", "打印整份指南", "The whole guide", icon="file-text"),
    )


def choose() -> v.ChooseView:
    """Return situations and items of the newborn visit."""
    items = tuple(
        v.ItemChoice(
            action=act(f"item:item-{number}", name, chosen=number != 6),
            name=say(name),
            department=say(department),
            chosen=number != 6,
            why=None,
            change=say("去掉它：少填 2 项，少带 1 样", "Without it: 2 to fill, 1 to bring less"),
        )
        for number, (name, _, department) in enumerate(_ITEMS[:-1])
    )
    gone = v.ItemChoice(
        action=None,
        name=say(_ITEMS[6][0]),
        department=say(_ITEMS[6][2]),
        chosen=False,
        change=None,
        why=say("孩子不在本市落户，这项不用办", "Not needed: the child is registered elsewhere"),
    )
    return v.ChooseView(
        page="choose",
        frame=frame(0, 0.8, go=act("next", "就办这些", "These")),
        title=say("先选情况和要办的", "Choose what applies"),
        figures=FIGURES,
        situations=(
            v.SituationBlock(
                code="settle",
                question=say("孩子户口落在哪里？", "Where will the child be registered?"),
                help=None,
                options=(
                    act("situation:settle:mother", "随母亲", "With the mother", chosen=True),
                    act("situation:settle:father", "随父亲", "With the father"),
                    act("situation:settle:away", "不在本市", "Not in this city"),
                ),
            ),
            v.SituationBlock(
                code="insured",
                question=say("母亲有职工医保吗？", "Is the mother insured by an employer?"),
                help=say("有的话，住院费能报销", "If so, hospital costs can be reimbursed"),
                options=(
                    act("situation:insured:yes", "有", "Yes", chosen=True),
                    act("situation:insured:no", "没有", "No"),
                ),
            ),
        ),
        items=(*items, gone),
        bring=BRING,
        number=1,
        of=1,
    )


def consent() -> v.ConsentView:
    """Return the consent page of the newborn visit."""
    return v.ConsentView(
        page="consent",
        frame=frame(1, 0.5),
        title=say("同意我们替您查这些吗？", "May we look these up for you?"),
        lead=say(
            "陈晓芸，您好。查到的直接填进表里，您不用再写。",
            "What is found goes straight into the form; you need not write it.",
        ),
        person="陈晓芸",
        fetches=tuple(
            line(a, b, say(c, d))
            for a, b, c, d in (
                ("出生时间、出生医院、体重", "Birth time, hospital, weight", "卫健共享", "Health"),
                ("户口簿、家庭关系", "Household, relations", "公安共享", "Police"),
                ("结婚登记", "Marriage", "民政共享", "Civil affairs"),
                ("医保参保、住院费用", "Insurance, hospital costs", "医保共享", "Insurance"),
                ("社保卡", "Social security card", "人社共享", "Labour"),
            )
        ),
        terms=(
            say("只用来办这一件事，不作他用。", "Used for this matter only."),
            say(
                "每次查询都记录在案，您可以到窗口要求查看。",
                "Every query is recorded; ask to see it.",
            ),
            say("父亲的信息，只在他本人授权后才查。", "The father's data only if he allowed it."),
            say("不同意也能办，由您自己填。", "Without it you fill it in yourself."),
        ),
        reuse=act("reuse", "下次来，还用这次填的", "Keep what I fill in for next time"),
        reuse_terms=(
            say(
                "不勾选也能办。存在您自己的空间里，随时能删。", "Optional. Kept in your own space."
            ),
        ),
        agree=act("agree", "同意，替我查", "Agree"),
        decline=act("decline", "不同意", "I do not agree"),
    )


def signing_in() -> Iterator[Sample]:
    """Yield guide, choose, card, consent, and the waits."""
    yield Sample(name="guide", view=guide())
    yield Sample(name="guide-rules", view=guide(), leaf=1)
    yield Sample(name="choose", view=choose())
    put = v.CardView(
        page="card",
        frame=frame(1, 0.25),
        title=say("请把身份证平放在感应区", "Lay your ID card flat on the reader"),
        lead=say("放平，等屏幕换页再拿起来", "Leave it until the page changes"),
        phase="put",
        armed=True,
    )
    yield Sample(name="card", view=put)
    wrong = v.Notice(
        kind="trouble",
        text=say("没读出来", "It could not be read"),
        hint=say(
            "请把身份证拿起来，和手机、卡包分开，再平放一次。",
            "Lift the card, keep it away from phones and wallets, and try again.",
        ),
        actions=(act("retry", "再试一次", "Try again"),),
    )
    yield Sample(name="card-unreadable", view=replace(put, notices=(wrong,)))
    yield Sample(name="consent", view=consent())
    marked = replace(act("reuse", "下次来，还用这次填的"), chosen=True)
    yield Sample(name="consent-reuse", view=replace(consent(), reuse=marked))
    yield Sample(
        name="declined",
        view=v.DeclinedView(
            page="declined",
            frame=frame(1, 0.5),
            title=say("好，不查。您想怎么办？", "All right. What would you like to do?"),
            lead=say("不同意也能办，这些内容由您自己填。", "You can fill it in yourself."),
            choices=(
                act("continue", "我自己填", "I fill it in myself"),
                act("reconsider", "回去再看看", "Look at it again"),
                act("finish", "不办了，结束", "Stop here"),
            ),
        ),
    )
    wait = v.WaitView(
        page="fetching",
        frame=frame(1, 0.75, nav=(HOME, HELP)),
        title=say("正在替您查，请稍等", "Looking things up, one moment"),
        lead=say("一般几秒就好", "Usually a few seconds"),
        held=True,
        slow=False,
        done=(say("医保局已经回答", "Insurance has answered"),),
        cancel=act("cancel", "不等了", "Do not wait"),
    )
    yield Sample(name="fetching", view=wait)
    lost = v.Notice(
        kind="trouble",
        text=say("现在连不上受理系统", "The intake cannot be reached"),
        hint=say("还没有提交任何东西。", "Nothing was submitted."),
        actions=(
            act("retry", "再查一次", "Try again"),
            act("continue", "我自己填", "I fill it in myself"),
        ),
    )
    yield Sample(name="fetching-unreachable", view=replace(wait, notices=(lost,), done=()))
