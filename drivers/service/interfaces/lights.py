"""The standard's Lights: guide lights that show the citizen where to put or take something."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from drivers.panel.lights import Color, FlashRate, Shown
from drivers.service.envelope import Payload
from drivers.service.interfaces.spec import CommandSpec, InterfaceSpec

SET_LIGHT = "Lights.SetLight"
POSITION = "default"
"""Our lights have one lamp group each; the standard maps a light's positions to states."""


class LightError(StrEnum):
    """``errorCode`` of Lights.SetLight."""

    INVALID_LIGHT = "invalidLight"
    """There is no such light, or it is not wired in that colour; nothing was changed."""
    LIGHT_ERROR = "lightError"
    """The board did not switch it."""


def orders(payload: Payload) -> dict[str, Shown]:
    """Return what a SetLight asks for, by light.

    Raises:
        ValueError: it is not of the standard's form; the message says where.
    """
    asked: dict[str, Shown] = {}
    for light, positions in payload.items():
        if positions is None:
            continue
        if not isinstance(positions, Mapping) or len(positions) != 1:
            raise ValueError("a light takes one position")
        asked[light] = _shown(next(iter(positions.values())))
    return asked


def _shown(state: object) -> Shown:
    if not isinstance(state, Mapping):
        raise ValueError("a position takes an object")  # noqa: TRY004  # a wrong payload
    color = state.get("color")
    try:
        return Shown(
            rate=FlashRate(str(state.get("flashRate"))),
            color=None if color is None else Color(str(color)),
        )
    except ValueError:
        raise ValueError("flashRate or color is none of the standard's words") from None


def _check_set_light(payload: Payload) -> str | None:
    try:
        asked = orders(payload)
    except ValueError as error:
        return str(error)
    return None if asked else "names no light"


def status(shown: Mapping[str, Shown]) -> dict[str, object]:
    """Return the interface part of the status."""
    return {"lights": {name: {POSITION: _state(one)} for name, one in shown.items()}}


def _state(one: Shown) -> dict[str, object]:
    state: dict[str, object] = {"flashRate": one.rate}
    if one.color is not None:
        state["color"] = one.color
    return state


LIGHTS = InterfaceSpec(
    name="Lights",
    commands=(CommandSpec(name=SET_LIGHT, versions=("2.0", "3.0"), check=_check_set_light),),
)
