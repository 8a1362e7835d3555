"""The door: who a request is of, whether they may, and the pages of coming in and going out."""

from __future__ import annotations

import hmac
import threading
from collections.abc import Callable
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from fleet.console.rendering import page
from fleet.console.services import Console, Rooms
from fleet.people import Refused, Right, SignedIn
from fleet.people.signing_in import LEAST_PASSWORD

AT_ONCE: Final = 2
"""Passwords judged at one time: each takes 64 MiB and a core for a while."""
PATIENCE_S: Final = 5.0
_judging = threading.BoundedSemaphore(AT_ONCE)

router = APIRouter()
Text = Annotated[str, Form(max_length=200)]


class NotSignedIn(Exception):
    """Nobody is signed in; they must sign in."""


class MustChange(Exception):
    """The password was given by somebody else; its owner must change it first."""


class Forbidden(Exception):
    """Their role has no such right, or the form is not of their browser."""


def signed_in(request: Request, rooms: Rooms) -> SignedIn:
    """Return who a request is of.

    Raises:
        NotSignedIn: nobody, or not any more.
    """
    token = request.cookies.get(rooms.cookie)
    who = rooms.door.who(token) if token else None
    if who is None:
        raise NotSignedIn
    return who


Somebody = Annotated[SignedIn, Depends(signed_in)]


def looking(who: Somebody) -> SignedIn:
    """Return who looks at a page; raises `MustChange`."""
    if who.must_change:
        raise MustChange
    return who


Looking = Annotated[SignedIn, Depends(looking)]


def of_form(who: Somebody, form_key: Text = "") -> SignedIn:
    """Return who sent a form of their own browser; raises `Forbidden`."""
    if not hmac.compare_digest(form_key.encode(), who.form_key.encode()):
        raise Forbidden
    return who


def acting(right: Right) -> Callable[..., SignedIn]:
    """Return what gives who acts by a right; it raises `Forbidden` and `MustChange`."""

    def dependency(who: Annotated[SignedIn, Depends(of_form)]) -> SignedIn:
        if who.must_change:
            raise MustChange
        if not who.may(right):
            raise Forbidden
        return who

    return dependency


@router.get("/sign-in")
def sign_in_page(to: str = "/") -> Response:
    """Ask for work number, password and code."""
    return page("sign_in.html", to=_ours(to), refused="")


@router.post("/sign-in")
def sign_in(
    rooms: Rooms, work_no: Text = "", password: Text = "", code: Text = "", to: Text = "/"
) -> Response:
    """Let somebody in; who is not let in reads the same words whatever was wrong."""
    if not _judging.acquire(timeout=PATIENCE_S):
        return page(
            "sign_in.html", status=503, to=_ours(to), refused="现在登录的人多，请稍后再试。"
        )
    try:
        token = rooms.door.enter(work_no.strip(), password, code)
    except Refused:
        words = "没有登录成功。请核对工号、密码和动态码；试错多次后要等一会儿。"
        return page("sign_in.html", status=401, to=_ours(to), refused=words)
    finally:
        _judging.release()
    answer = RedirectResponse(_ours(to), 303)
    answer.set_cookie(
        rooms.cookie, token, secure=rooms.secure, httponly=True, samesite="strict", path="/"
    )
    return answer


@router.post("/sign-out")
def sign_out(
    request: Request, rooms: Rooms, who: Annotated[SignedIn, Depends(of_form)]
) -> Response:
    """End this browser's sign-in."""
    del who
    rooms.door.leave(request.cookies[rooms.cookie])
    return _out(rooms)


@router.get("/password")
def password_page(rooms: Rooms, who: Somebody) -> Response:
    """Ask for the old and a new password."""
    return _password(rooms, who, refused="")


@router.post("/password")
def change_password(
    rooms: Rooms,
    who: Annotated[SignedIn, Depends(of_form)],
    old: Text = "",
    new: Text = "",
    again: Text = "",
) -> Response:
    """Replace the own password; all browsers of this person are signed out."""
    if new != again:
        return _password(rooms, who, refused="两次填的新密码不一样。")
    with _judging:
        done = rooms.door.change_password(who.work_no, old, new)
    if not done:
        words = (
            f"没有换成。请核对原密码；新密码至少 {LEAST_PASSWORD} 位，"
            "不能全是数字，也不能和原来一样。"
        )
        return _password(rooms, who, refused=words)
    return _out(rooms)


def _password(rooms: Console, who: SignedIn, *, refused: str) -> Response:
    values: dict[str, Any] = {"who": who, "here": "password", "alarms": 0}
    return page(
        "password.html", status=422 if refused else 200, refused=refused, rooms=rooms, **values
    )


def _out(rooms: Console) -> Response:
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(
        rooms.cookie, secure=rooms.secure, httponly=True, samesite="strict", path="/"
    )
    return answer


def _ours(to: str) -> str:
    """Return an address of this console, whatever was asked for."""
    plain = to.startswith("/") and not to.startswith(("//", "/\\")) and to.isprintable()
    return quote(to, safe="/?=&%-._~") if plain and "\\" not in to else "/"


def to_sign_in(request: Request, error: Exception) -> Response:
    """Send somebody to the door, and back to where they were."""
    del error
    wanted = request.url.path if request.method == "GET" else "/"
    to = "" if wanted in {"/", "/live", "/todo"} else f"?to={quote(wanted)}"
    return RedirectResponse(f"/sign-in{to}", 303)


def to_password(request: Request, error: Exception) -> Response:
    """Send somebody to change a given password."""
    del request, error
    return RedirectResponse("/password", 303)


def not_understood(request: Request, error: Exception) -> Response:
    """Say that what was sent is not what the form asks for; nothing of it is shown again."""
    del request, error
    return page(
        "trouble.html",
        status=422,
        title="没有执行",
        words="填的内容太长，或者格式不对。请返回，改好再试。",
    )


def not_there(request: Request, error: Exception) -> Response:
    """Say that there is no such page."""
    del request
    status = error.status_code if isinstance(error, HTTPException) else 404
    return page(
        "trouble.html",
        status=status,
        title="没有这个页面",
        words="地址可能写错了，或者页面已经不在。",
    )


def forbidden(request: Request, error: Exception) -> Response:
    """Say that nothing was done."""
    del request, error
    return page(
        "trouble.html",
        status=403,
        title="没有执行",
        words=("您的角色不能做这件事，或者页面已经过期。请返回，刷新页面再试。"),
    )
