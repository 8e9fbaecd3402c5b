"""Robots get their text, and what they answer is read before it is believed."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridtrack.notifications.channels.port import PermanentFailure, Sent, TemporaryFailure
from gridtrack.notifications.channels.posting import Answer
from gridtrack.notifications.channels.robot import ENDPOINTS, RobotSender, fit, judge_robot
from tests.servers import NOW, a_hook, a_message, now


def tell_robot(hook, target, **changes):
    base = f"http://127.0.0.1:{hook.port}"
    endpoints = {
        "wecombot": base + "/cgi-bin/webhook/send?key={token}",
        "dingtalk": base + "/robot/send?access_token={token}",
        "feishu": base + "/open-apis/bot/v2/hook/{token}",
        "lark": base + "/open-apis/bot/v2/hook/{token}",
    }
    return RobotSender(now, endpoints).send(a_message(target, channel="robot", **changes))


TEXT = (
    "请签收：占道经营（2026-000017）\n两违两乱 · 第六网格\n请在 4 分钟内签收。\n"
    "https://grid.example/incidents/17"
)


def test_wecom_gets_a_text():
    with a_hook(answer=b'{"errcode":0,"errmsg":"ok"}') as hook:
        assert tell_robot(hook, "wecombot://abc-DEF_1") == Sent()
        assert hook.call.path == "/cgi-bin/webhook/send?key=abc-DEF_1"
        assert json.loads(hook.call.body) == {"msgtype": "text", "text": {"content": TEXT}}


def test_dingtalk_gets_a_signed_text_that_names_phones():
    with a_hook(answer=b'{"errcode":0,"errmsg":"ok"}') as hook:
        assert tell_robot(hook, "dingtalk://SEC1@token9/13800000000") == Sent()
        t = int(NOW.timestamp() * 1000)
        sign = base64.b64encode(hmac.new(b"SEC1", f"{t}\nSEC1".encode(), hashlib.sha256).digest())
        quoted = sign.decode().replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
        assert hook.call.path == (f"/robot/send?access_token=token9&timestamp={t}&sign={quoted}")
        assert json.loads(hook.call.body)["at"]["atMobiles"] == ["13800000000"]


def test_dingtalk_without_a_secret_is_not_signed():
    with a_hook(answer=b'{"errcode":0}') as hook:
        tell_robot(hook, "dingtalk://token9")
        assert hook.call.path == "/robot/send?access_token=token9"


@pytest.mark.parametrize("scheme", ["feishu", "lark"])
def test_feishu_gets_a_signed_text(scheme):
    with a_hook(answer=b'{"code":0,"msg":"success"}') as hook:
        assert tell_robot(hook, f"{scheme}://tok-1", secret="s3") == Sent()
        t = int(NOW.timestamp())
        sign = base64.b64encode(hmac.new(f"{t}\ns3".encode(), b"", hashlib.sha256).digest())
        assert hook.call.path == "/open-apis/bot/v2/hook/tok-1"
        assert json.loads(hook.call.body) == {
            "msg_type": "text",
            "content": {"text": TEXT},
            "timestamp": str(t),
            "sign": sign.decode(),
        }


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (b'{"errcode":0,"errmsg":"ok"}', Sent()),
        (b'{"code":0,"msg":"success"}', Sent()),
        (b'{"StatusCode":0,"StatusMessage":"success"}', Sent()),
        (b'{"errcode":45009}', TemporaryFailure("robot-busy: 45009", timedelta(minutes=1))),
        (b'{"errcode":130101}', TemporaryFailure("robot-busy: 130101", timedelta(minutes=10))),
        (b'{"code":11232}', TemporaryFailure("robot-busy: 11232", timedelta(minutes=1))),
        (b'{"errcode":93000}', PermanentFailure("robot-refused: 93000")),
        (b'{"errcode":310000}', PermanentFailure("robot-refused: 310000")),
        (b'{"code":19021}', PermanentFailure("robot-refused: 19021")),
        (b'{"errcode":-1}', TemporaryFailure("robot-failed: -1")),
        (b"<html>log in</html>", TemporaryFailure("robot-unclear: 19 B")),
        (b"[]", TemporaryFailure("robot-unclear: 2 B")),
        (b"\xff\xfe", TemporaryFailure("robot-unclear: 2 B")),
    ],
)
def test_an_answer_with_status_200_is_read_before_it_is_believed(body, outcome):
    assert judge_robot(Answer(200, body, None)) == outcome


def test_a_robot_that_is_down_is_tried_again():
    assert judge_robot(Answer(502, b"", None)) == TemporaryFailure("http-busy: 502")


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("slack://a/b/c", "robot-scheme: slack"),
        ("json://127.0.0.1/", "robot-scheme: json"),
        ("mailto://a:b@example.com", "robot-scheme: mailto"),
        ("https://qyapi.weixin.qq.com/", "robot-scheme: https"),
        ("", "robot-scheme: "),
        ("wecombot://", "bad-target: robot"),
        ("wecombot://a b", "bad-target: robot"),
        ("wecombot://a%0Ab", "bad-target: robot"),
        ("feishu://../../x", "bad-target: robot"),
    ],
)
def test_other_services_and_odd_tokens_are_refused(target, reason):
    with a_hook() as hook:
        assert tell_robot(hook, target) == PermanentFailure(reason)
        assert hook.calls == []


def test_the_addresses_of_the_services_are_their_own():
    assert {scheme: url.split("/")[2] for scheme, url in ENDPOINTS.items()} == {
        "wecombot": "qyapi.weixin.qq.com",
        "dingtalk": "oapi.dingtalk.com",
        "feishu": "open.feishu.cn",
        "lark": "open.larksuite.com",
    }


def test_a_robots_text_ends_at_its_services_limit():
    with a_hook(answer=b'{"errcode":0}') as hook:
        tell_robot(hook, "wecombot://k", text="长" * 5000)
        content = json.loads(hook.call.body)["text"]["content"]
        assert 2040 <= len(content.encode()) <= 2048
        assert content.endswith("…\nhttps://grid.example/incidents/17")


@given(st.text(max_size=400), st.text(max_size=60), st.text(max_size=60), st.integers(0, 500))
def test_a_text_always_fits(text, title, link, limit):
    try:
        (title + text + link).encode()
    except UnicodeEncodeError:
        return
    fitted = fit(a_message("x", title=title, text=text, link=link), limit)
    assert len(fitted.encode()) <= limit
