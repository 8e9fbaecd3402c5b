"""Mail leaves through a real SMTP server on this machine, and says how it went."""

import base64

import pytest

from gridtrack.errors import Invalid
from gridtrack.notifications.channels.email import EmailSender, read_url
from gridtrack.notifications.channels.port import PermanentFailure, Sent, TemporaryFailure
from tests.servers import NOW, a_mail_server, a_message, now, tls_client


def mail(box, *, options="", user="", target="li@street.example", **changes):
    sender = EmailSender(box.url(options, user), now, make_context=tls_client, timeout_s=30)
    return sender.send(a_message(target, channel="email", **changes))


def test_a_mail_arrives_with_subject_text_and_link():
    with a_mail_server() as box:
        assert isinstance(mail(box), Sent)
        (arrived,) = box.mails
        assert arrived["Subject"] == "请签收：占道经营（2026-000017）"
        assert arrived["To"] == "li@street.example"
        assert arrived["From"].addresses[0].addr_spec == "grid@street.example"
        assert arrived["Date"].datetime == NOW
        assert arrived.get_content().splitlines() == [
            "两违两乱 · 第六网格", "请在 4 分钟内签收。", "", "https://grid.example/incidents/17",
        ]  # fmt: skip


def test_a_mail_sent_again_has_the_same_id():
    with a_mail_server() as box:
        first, again = mail(box), mail(box)
        assert first == again == Sent(box.mails[0]["Message-ID"])


def test_another_message_has_another_id():
    with a_mail_server() as box:
        assert mail(box) != mail(box, key="assigned:18:1:p3")


def test_the_name_of_this_machine_is_not_told():
    with a_mail_server() as box:
        mail(box)
        assert box.heard[0] == "ehlo street.example"


def test_a_title_cannot_add_headers():
    with a_mail_server() as box:
        mail(box, title="a\r\nBcc: evil@example.com")
        assert box.mails[0]["Bcc"] is None


@pytest.mark.parametrize(
    "target",
    ["", "li", "li@", "@street.example", "a@b@c", "li@street.example, evil@example.com",
     "li@street.example\r\nBcc: evil@example.com", "<li@street.example>", "li street@example",
     "李@street.example"],
)  # fmt: skip
def test_what_is_no_mail_address_is_refused(target):
    with a_mail_server() as box:
        assert mail(box, target=target) == PermanentFailure("bad-target: e-mail")
        assert box.heard == []


@pytest.mark.parametrize(
    ("verb", "answer", "outcome"),
    [
        ("RCPT", "550 no such user", PermanentFailure("recipient-refused: 550")),
        ("RCPT", "450 mailbox busy", TemporaryFailure("mail-busy: 450")),
        ("MAIL", "552 too much", PermanentFailure("mail-refused: 552")),
        ("DATA", "451 later", TemporaryFailure("mail-busy: 451")),
        ("END", "554 spam", PermanentFailure("mail-refused: 554")),
        ("END", "421 shutting down", TemporaryFailure("mail-busy: 421")),
    ],
)
def test_each_answer_of_a_mail_server_means_later_or_never(verb, answer, outcome):
    with a_mail_server(answers={verb: answer}) as box:
        assert mail(box) == outcome


def test_a_mail_that_was_taken_is_sent_however_the_server_says_good_bye():
    with a_mail_server(answers={"QUIT": "500 what?"}) as box:
        assert isinstance(mail(box), Sent)


def test_a_mail_server_that_is_down_is_tried_again():
    with a_mail_server() as box:
        pass
    assert mail(box) == TemporaryFailure("unreachable: ConnectionRefusedError")


def test_a_mail_server_without_a_login_leaves_the_message_waiting():
    with a_mail_server() as box:
        outcome = mail(box, user="grid:pa55@", options="&tls=never")
        assert outcome == TemporaryFailure("mail-login: AUTH")


def test_a_password_does_not_go_over_an_open_line():
    with a_mail_server(login=True) as box:
        assert mail(box, user="grid:pa55@") == TemporaryFailure("mail-insecure: 127.0.0.1")
        assert not any(line.startswith("AUTH") for line in box.heard)


def test_a_password_goes_over_an_open_line_when_told_to():
    with a_mail_server(login=True) as box:
        assert isinstance(mail(box, user="grid:pa%4055@", options="&tls=never"), Sent)
        plain = base64.b64encode(b"\0grid\0pa@55").decode()
        assert f"AUTH PLAIN {plain}" in box.heard


def test_a_login_that_is_refused_leaves_the_message_waiting():
    with a_mail_server(login=True, answers={"AUTH": "535 no"}) as box:
        outcome = mail(box, user="grid:wrong@", options="&tls=never")
        assert outcome == TemporaryFailure("mail-login: 535")


def test_encryption_is_used_where_it_is_offered():
    with a_mail_server(tls=True) as box:
        outcome = mail(box)
        assert box.heard[1] == "STARTTLS"
        # 127.0.0.1 is not the name in the certificate: nothing is sent to a stranger.
        assert outcome == TemporaryFailure("unreachable: SSLCertVerificationError")
        assert box.mails == []


def any_name():
    context = tls_client()
    context.check_hostname = False
    return context


def test_a_password_goes_over_an_encrypted_line():
    with a_mail_server(tls=True, login=True) as box:
        url = box.url("&tls=required", "grid:pa55@")
        outcome = EmailSender(url, now, any_name).send(a_message("li@street.example"))
        assert isinstance(outcome, Sent)
        verbs = [line.split()[0].upper() for line in box.heard]
        assert verbs[:4] == ["EHLO", "STARTTLS", "EHLO", "AUTH"]


def test_smtps_is_encrypted_from_the_first_byte():
    with a_mail_server(implicit=True) as box:
        url = box.url().replace("smtp:", "smtps:")
        assert isinstance(
            EmailSender(url, now, any_name).send(a_message("li@street.example")), Sent
        )


def test_required_encryption_that_is_not_offered_stops_the_mail():
    with a_mail_server() as box:
        assert mail(box, options="&tls=required") == TemporaryFailure("mail-insecure: 127.0.0.1")
        assert box.mails == []


def test_a_mail_url_is_read():
    smtp = read_url("smtps://grid%40street:p%2Fw@mail.example:4650/?from=grid@street.example")
    assert (smtp.host, smtp.port, smtp.tls, smtp.user, smtp.password) == (
        "mail.example", 4650, "implicit", "grid@street", "p/w",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("url", "port"),
    [("smtp://mail.example/?from=a@b.c", 25), ("smtps://mail.example/?from=a@b.c", 465)],
)
def test_a_mail_url_without_a_port_has_the_usual_one(url, port):
    assert read_url(url).port == port


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "scheme"),
        ("http://mail.example/?from=a@b.c", "scheme"),
        ("smtp:///?from=a@b.c", "host"),
        ("smtp://mail.example:99999/?from=a@b.c", "port"),
        ("smtp://mail.example/", "from"),
        ("smtp://u:pa55@mail.example/?from=nobody", "from"),
        ("smtp://mail.example/?from=a@b.c&tls=maybe", "tls"),
        ("smtp://mail.example/?from=a@b.c&verify=no", "tls"),
    ],
)
def test_a_bad_mail_url_names_its_part_and_keeps_the_password(url, reason):
    with pytest.raises(Invalid) as caught:
        read_url(url)
    assert caught.value.params["reason"] == reason
    assert "pa55" not in str(caught.value)
