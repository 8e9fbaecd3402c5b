"""E-mail through one SMTP server."""

import contextlib
import hashlib
import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import parse_qs, unquote, urlsplit

from gridtrack.errors import Invalid
from gridtrack.notifications.channels.port import (
    Outcome,
    Outgoing,
    PermanentFailure,
    Sent,
    TemporaryFailure,
)

TIMEOUT_S = 10.0
_ADDRESS = re.compile(r"[^@\s<>,;:\"\\()\[\]]+@[^@\s<>,;:\"\\()\[\]]+")
_PORTS = {"smtp": 25, "smtps": 465}
_TLS = ("auto", "required", "never")


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server. `tls`: implicit (smtps), auto (where offered), required, never."""

    host: str
    port: int
    sender: str
    tls: str
    user: str = ""
    password: str = field(default="", repr=False)


def read_url(url: str, name: str = "GRIDTRACK_SMTP_URL") -> Smtp:
    """The server in `smtp(s)://user:password@host:port/?from=a@b&tls=auto|required|never`.

    Raises Invalid `bad-smtp-url` naming `name`; the password is never in the error.
    """

    def bad(reason: str) -> Invalid:
        return Invalid("bad-smtp-url", field=name, value="", reason=reason)

    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise bad("port") from error
    options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    if parts.scheme not in _PORTS:
        raise bad("scheme")
    if not parts.hostname:
        raise bad("host")
    if not _ADDRESS.fullmatch(options.get("from", "")):
        raise bad("from")
    if options.get("tls", "auto") not in _TLS or options.keys() - {"from", "tls"}:
        raise bad("tls")
    return Smtp(
        host=parts.hostname,
        port=port or _PORTS[parts.scheme],
        sender=options["from"],
        tls="implicit" if parts.scheme == "smtps" else options.get("tls", "auto"),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


class EmailSender:
    """Sends mail with a Message-ID made from the key: sent twice, it is recognised as one."""

    def __init__(
        self,
        url: str,
        now: Callable[[], datetime],
        make_context: Callable[[], ssl.SSLContext] = ssl.create_default_context,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        """Use the server in `url` (see read_url, raises Invalid); `now` dates the mails."""
        self._smtp = read_url(url)
        self._now = now
        self._make_context = make_context
        self._timeout_s = timeout_s

    def send(self, message: Outgoing) -> Outcome:
        """Hand the message to the mail server for the address `message.target`."""
        if not _ADDRESS.fullmatch(message.target):
            return PermanentFailure("bad-target: e-mail")
        try:
            mail = self.compose(message)
        except ValueError:
            return PermanentFailure("bad-target: e-mail")
        try:
            return self._hand_over(mail, message.target)
        except TimeoutError:
            return TemporaryFailure(f"timeout: {self._timeout_s:g}")
        except (OSError, smtplib.SMTPException) as error:
            return _failure(error, message.target)

    def compose(self, message: Outgoing) -> EmailMessage:
        """The mail itself; raises ValueError for an address that cannot be written."""
        mail = EmailMessage(policy=SMTP)
        domain = self._smtp.sender.rpartition("@")[2]
        mail["Subject"] = " ".join(message.title.split())
        mail["From"] = Address("gridtrack", addr_spec=self._smtp.sender)
        mail["To"] = Address(addr_spec=message.target)
        mail["Date"] = format_datetime(self._now())
        digest = hashlib.sha256(message.key.encode()).hexdigest()[:40]
        mail["Message-ID"] = f"<{digest}@{domain}>"
        mail["Auto-Submitted"] = "auto-generated"  # keeps holiday replies away
        mail.set_content("\n\n".join(part for part in (message.text, message.link) if part) + "\n")
        return mail

    def _hand_over(self, mail: EmailMessage, target: str) -> Outcome:
        server = self._connected()
        try:
            failure = self._log_in(server)
            if failure is not None:
                return failure
            server.send_message(mail, self._smtp.sender, [target])
            with contextlib.suppress(OSError, smtplib.SMTPException):
                server.quit()  # the mail is theirs by now, however they say good-bye
            return Sent(str(mail["Message-ID"]))
        finally:
            server.close()

    def _connected(self) -> smtplib.SMTP:
        smtp, domain = self._smtp, self._smtp.sender.rpartition("@")[2]
        # Saying who we are by the mail domain: the machine's own name is nobody's business.
        if smtp.tls == "implicit":
            return smtplib.SMTP_SSL(
                smtp.host, smtp.port, domain, timeout=self._timeout_s, context=self._make_context()
            )
        return smtplib.SMTP(smtp.host, smtp.port, domain, timeout=self._timeout_s)

    def _log_in(self, server: smtplib.SMTP) -> TemporaryFailure | None:
        """Encrypt and log in as far as told; a password never goes over an open line unasked."""
        smtp = self._smtp
        server.ehlo_or_helo_if_needed()
        safe = smtp.tls in ("implicit", "never")
        if not safe and server.has_extn("starttls"):
            server.starttls(context=self._make_context())
            safe = True
        if not safe and (smtp.tls == "required" or smtp.user):
            return TemporaryFailure(f"mail-insecure: {smtp.host}")
        if not smtp.user:
            return None
        try:
            server.login(smtp.user, smtp.password)
        except smtplib.SMTPAuthenticationError as error:
            # Ours to correct, not the recipient's: meanwhile the message waits.
            return TemporaryFailure(f"mail-login: {error.smtp_code}")
        except smtplib.SMTPNotSupportedError:
            return TemporaryFailure("mail-login: AUTH")
        return None


def _failure(error: Exception, target: str) -> Outcome:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _judge("recipient-refused", error.recipients[target][0])
    if isinstance(error, smtplib.SMTPResponseException):
        return _judge("mail-refused", error.smtp_code)
    return TemporaryFailure(f"unreachable: {type(error).__name__}")


def _judge(reason: str, code: int) -> Outcome:
    """SMTP's own rule: 5xx for good, anything else for now (RFC 5321 §4.2.1)."""
    if code >= 500:
        return PermanentFailure(f"{reason}: {code}")
    return TemporaryFailure(f"mail-busy: {code}")
