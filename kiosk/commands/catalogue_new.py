"""``kiosk catalogue new thing``: begin a thing with a file that is right in shape.

The catalogue is imported when the command runs: every `kiosk` process reads this module.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def add(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    own = rooms.add_parser("new", help="begin a thing: write its file, print its list's lines")
    own.add_argument("what", choices=["thing"])
    own.add_argument("code", metavar="CODE", help="kebab-case: pet-registration")
    own.add_argument("--name", required=True, help="as people call it: 养犬登记")
    own.add_argument("--audience", required=True, choices=["个人", "企业"])
    own.add_argument("--theme", required=True, help="the group it is found under: 安居住房")
    own.add_argument("--config", type=Path, help="another config directory")
    own.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Write the file and print what comes next; 1: it cannot be begun so."""
    from kiosk.catalogue.faults import CatalogueError
    from kiosk.catalogue.starting import begin, lines_for_list
    from kiosk.settings import config_root

    config = options.config or config_root()
    try:
        path = begin(
            config,
            options.code,
            name=options.name,
            audience=options.audience,
            theme=options.theme,
        )
    except CatalogueError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"# 已写好 {path}，请按里面的说明补全。")
    print("# 要在某地上架，把下面几行加到 jurisdictions/<代码>.list.yaml 的 things: 末尾，")
    print("# 把“牵头部门”换成该地 departments 里的名称，number 接着往下排：")
    print(lines_for_list(options.code, options.name, 1), end="")
    print("# 再把名称和分类写进 catalogue/en/，最后运行 kiosk catalogue check。")
    return 0
