"""`kiosk shell`: reads what it is given, then runs the loop."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from kiosk.channel import ChannelError, Client, Secrets, read_secrets
from kiosk.channel.process import die_with_parent, one_arena
from kiosk.shell.shell import Launch, Shell
from kiosk.shell.slot_process import SESSION_ENVIRONMENT, open_nursery

PATIENCE_S: Final = 10.0
"""Seconds for which an agent that does not answer is asked again."""
ANSWER_S: Final = 3.0
AGAIN_S: Final = 0.2
KEPT: Final = "sealing-public.json"
_PASSED_ON = ("DISPLAY", "XAUTHORITY", "PATH", "LC_ALL", "LANG", "HOME", "TZ", "TMPDIR")
_OUR_OWN = ("PYTHONPATH", "YIDUAN_CONFIG", "YIDUAN_RELEASES", "YIDUAN_ASSETS", "YIDUAN_FONTS")
"""Variables a session gets, of the system and of ours; the rest stays here."""


def main(options: argparse.Namespace) -> int:
    """Run the shell until it is told to stop."""
    if options.with_parent:
        die_with_parent()
    one_arena()
    secrets, _ = read_secrets(sys.stdin)
    agent, secret = options.run / "agent.sock", secrets.roles["shell"]
    shell = Shell(agent, secret)
    _become_the_nurserys_parent()  # it loads our code while the agent is asked
    public = sealing_public(options.state, agent, secret)
    if not public:
        _start_anew_with_keys(agent, secret)
    return shell.run(_launch(options, secrets, public))


def _launch(options: argparse.Namespace, secrets: Secrets, public: Mapping[str, object]) -> Launch:
    """Return how sessions are started: what they are told, and whether staff are let in."""
    arguments = ["session", "--state", str(options.state), "--run", str(options.run)]
    for layer in options.settings:
        arguments += ["--settings", str(layer)]
    roles = ["session"]
    if options.rehearsal:
        arguments.append("--rehearsal")
        roles.append("rehearsal")
    if options.training:
        arguments.append("--training")
    knows = "maintenance" in secrets.roles and not options.training
    return Launch(
        arguments=arguments,
        greeting=secrets.only(*roles).line(sealing_public=public),
        maintenance=secrets.only("maintenance", *roles[1:]).line() if knows else "",
    )


def _become_the_nurserys_parent() -> None:
    """Keep only the variables a session may have; the nursery inherits what is left."""
    for name in set(os.environ) - {*_PASSED_ON, *_OUR_OWN}:
        del os.environ[name]
    os.environ.update(SESSION_ENVIRONMENT)
    open_nursery()


def sealing_public(
    state: Path, agent: Path, secret: str, *, patience: float = PATIENCE_S
) -> Mapping[str, object]:
    """Return the public keys that sessions seal for: the agent's word, else what it said last.

    The agent's keys are not readable for the display's user, and change when they are rotated; on a
    desk, where one user has both, they are read. An agent that does not answer is no reason for a
    dark screen: guides and places need no keys, and nothing is submitted without the agent anyway.
    Where none ever answered the answer is empty: sessions say that the terminal is out of service.
    """
    own, kept = state / "keys" / KEPT, state / KEPT
    if own.exists():
        return dict(json.loads(own.read_text()))
    try:
        told = _asked(agent, secret, time.monotonic() + patience)
    except ChannelError:
        return dict(json.loads(kept.read_text())) if kept.exists() else {}
    with contextlib.suppress(OSError):  # a full disk is no reason for a dark screen either
        kept.parent.mkdir(parents=True, exist_ok=True)
        new = kept.with_suffix(".new")
        new.write_text(json.dumps(told))
        new.replace(kept)
    return told


def _start_anew_with_keys(agent: Path, secret: str) -> None:
    """End this shell once an agent tells the keys; whoever supervises it starts the next one."""

    def wait() -> None:
        _asked(agent, secret, float("inf"))
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="keys", daemon=True).start()


def _asked(agent: Path, secret: str, deadline: float) -> Mapping[str, object]:
    while True:
        try:
            with Client(agent, "shell", secret, timeout=ANSWER_S) as client:
                told = client.call("public")["sealing_public"]
        except ChannelError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(AGAIN_S)
            continue
        if not isinstance(told, dict):
            raise TypeError("sealing_public is no object")
        return told
