"""Why no answer came, in one word that tells staff what to mend.

======================  =====================================================
``name_unknown``        the intake's name can't be looked up: name service, cable
``no_connection``       nobody listens there, or the way is cut
``too_slow``            connected or not, the answer did not come in time
``not_tls``             the other end speaks something else: a proxy or a sign-in page
``not_trusted``         its certificate is of another authority
``certificate_time``    its certificate is not valid *now*: this clock or that certificate
``wrong_name``          its certificate is for another address
``terminal_not_trusted``  it turned this terminal's own certificate down
``keys_unusable``       this terminal's certificate or key can't be read
``broken_off``          the answer began and ended in the middle
======================  =====================================================
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

import urllib3
from urllib3.exceptions import (
    DecodeError,
    InvalidHeader,
    NameResolutionError,
    NewConnectionError,
    SSLError,
)

from kiosk.gateway.errors import GatewayError, IntakeGarbled, IntakeUnreachable

_TIME = {9, 10}
"""X.509 verification results (OpenSSL, x509_vfy.h): not yet valid, has expired."""
_NAME = {62, 63, 64}
"""Host, mail or address mismatch."""
_FOREIGN_BYTES = {
    "WRONG_VERSION_NUMBER",
    "HTTP_REQUEST",
    "RECORD_LAYER_FAILURE",
    "UNKNOWN_PROTOCOL",
}


def why(error: Exception, *, answered: bool) -> GatewayError:
    """Return our exception for one of the HTTP library's or the system's.

    Args:
        error: what was raised.
        answered: whether an answer had begun.
    """
    causes = tuple(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLError):
            return IntakeUnreachable(_of_tls(cause))
    if any(isinstance(one, NameResolutionError | socket.gaierror) for one in causes):
        return IntakeUnreachable("name_unknown")
    if isinstance(error, SSLError):
        return IntakeUnreachable("not_trusted")
    if isinstance(error, NewConnectionError):  # to the library it is a kind of timeout
        return IntakeUnreachable("no_connection")
    if any(isinstance(one, urllib3.exceptions.TimeoutError | TimeoutError) for one in causes):
        return IntakeUnreachable("too_slow")
    broken_off = answered or isinstance(error, InvalidHeader | DecodeError)
    return IntakeGarbled("broken_off") if broken_off else IntakeUnreachable("no_connection")


def _of_tls(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        if error.verify_code in _TIME:
            return "certificate_time"
        return "wrong_name" if error.verify_code in _NAME else "not_trusted"
    reason = error.reason or ""
    if reason in _FOREIGN_BYTES:
        return "not_tls"
    if "ALERT" in reason:
        return "terminal_not_trusted"
    return "no_connection"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and all that it was made from; the library nests in three ways."""
    seen: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        one = waiting.pop()
        if not isinstance(one, BaseException) or any(one is known for known in seen):
            continue
        seen.append(one)
        yield one
        waiting += [*one.args, getattr(one, "reason", None), one.__cause__, one.__context__]
