"""Documents of the four kinds a terminal prints on A4; everything in them is invented."""

from __future__ import annotations

from collections.abc import Mapping

Document = Mapping[str, object]

FOOTER = {"terminal": "T0001", "date": "2026-01-31"}


def guide() -> Document:
    """Return a notice of what to bring and where to go (告知单)."""
    return {
        "title": "“出生一件事”一次性告知单",
        "blocks": [
            {"heading": "一、需要带的材料"},
            {"list": ["父母双方的身份证", "出生医学证明", "户口簿"], "numbered": True},
            {"heading": "二、办理地点"},
            {"text": "某市某区政务服务中心一楼综合窗口，工作日上午九时至下午五时。"},
            {"qr": "https://example.test/guide/birth", "caption": "扫码看完整版办事指南"},
        ],
        "footer": FOOTER,
    }


def notice(name: str = "陈小云") -> Document:
    """Return a notice that something was accepted (受理通知书)."""
    return {
        "title": "受理通知书",
        "number": "示例〔2026〕第0001号",
        "blocks": [
            {"text": f"{name}：您提交的“出生一件事”联办申请收悉。经审查，予以受理。"},
            {"table": [["申报编号", "4000-0001"], ["受理日期", "2026-01-31"]]},
            {"rule": True},
            {"text": "办理进度可在自助终端或扫码查询。"},
        ],
        "footer": FOOTER,
    }


def commitment() -> Document:
    """Return a commitment letter to be signed by hand (承诺书)."""
    return {
        "title": "告知承诺书",
        "blocks": [
            {"text": "本人已知晓办理条件与不实承诺的后果，现承诺："},
            {"list": ["所填信息真实完整；", "同意依法核验。"], "numbered": True},
            {"sign": ["承诺人签名", "共同承诺人签名"]},
        ],
        "footer": FOOTER,
    }


def certificate(rows: int = 6) -> Document:
    """Return a certificate as a table of facts (证明)."""
    facts = [[f"事项{place}", f"内容{place}，" + "以下为说明文字。" * 6] for place in range(rows)]
    return {
        "title": "参保证明",
        "blocks": [{"table": facts}, {"text": "特此证明。"}],
        "footer": FOOTER,
    }


def pages_of(count: int) -> Document:
    """Return a document of so many pages."""
    return {
        "title": f"共{count}页",
        "blocks": [{"text": "页面文字。" * 170} for _ in range(2 * count)],
    }
