"""The gridworker's phone: voice notes, findings that were queued, patrols."""

TEXTS: dict[str, tuple[str, str]] = {
    # --- voice notes ---
    "voice-empty": (
        "语音是空的，请重新录制。",
        "The voice note is empty; record it again.",
    ),
    "voice-too-long": (
        "语音有 {value} 秒，最多 {limit} 秒，请录短一些。",
        "The voice note is {value} seconds long, {limit} are the most; record a shorter one.",
    ),
    "voice-too-many-bytes": (
        "语音有 {value:MB}，最多 {limit:MB}，请录短一些。",
        "The voice note has {value:MB}, {limit:MB} are the most; record a shorter one.",
    ),
    "voice-format": (
        "这不是能播放的录音（{value}），请用本页的录音按钮。",
        "This is no recording that can be played ({value}); use the button of this page.",
    ),
    "voice-not-found": (
        "没有找到这段语音，可能您无权收听。",
        "This voice note was not found, or it is not yours to hear.",
    ),
    "voices-full": (
        "一件事项最多 {value} 段语音。",
        "A matter takes {value} voice notes at most.",
    ),
    # --- on the spot ---
    "arrived-far": (
        "您离事发地点约 {value} 米（超过 {limit} 米），请说明原因。",
        "You are about {value} m from the place, more than {limit}; please say why.",
    ),
    "event-arrived": (
        "距事发地点约 {metres} 米（精度 {accuracy} 米）",
        "About {metres} m from the place (accurate to {accuracy} m)",
    ),
    "event-called": ("请 {to} 到场支援", "{to} was called in"),
    "call-nobody": (
        "上级网格长和书记岗位都无人在岗，请打电话。",
        "Nobody above is on duty, neither leader nor secretary; use the telephone.",
    ),
    "message-called-title": (
        "请到场支援：{category}（{number}）",
        "You are called in: {category} ({number})",
    ),
    "message-called-sealed-title": ("请到场支援 {number}", "You are called in: {number}"),
    "message-called-sealed": (
        "一件“{group}”类事项请您支援，请登录后查看。",
        "You are called in to a matter of the group “{group}”; log in to read it.",
    ),
    "message-line-called": ("{by}请您到场支援。", "{by} asks you to come."),
    # --- patrols ---
    "patrol-off-duty": (
        "当前不在您的班次，不能开始巡查；不在岗时不记录轨迹。",
        "You are not on duty now, so no patrol can begin; no track is taken off duty.",
    ),
    "track-bad": (
        "巡查轨迹的“{value}”无法识别。",
        "“{value}” of the track cannot be read.",
    ),
    "track-too-long": (
        "一次最多发送 {limit} 个轨迹点，收到 {value} 个。",
        "{value} points at once, {limit} are the most.",
    ),
    "checkpoint-not-found": (
        "没有这个巡查点，二维码可能已停用。",
        "There is no such checkpoint; its code may have been taken down.",
    ),
    "settle-second-person": (
        "这类事项须由他人核查结案，不能当场自办结案，请清空“{field}”。",
        "This kind has to be closed by somebody else, never on the spot; leave “{field}” empty.",
    ),
    "settle-not-yours": (
        "该地点不由您负责，不能当场结案，请清空“{field}”后上报。",
        "The place is not yours, so it cannot be closed on the spot; report it without “{field}”.",
    ),
    "event-voice": ("添加语音 {seconds} 秒", "Voice note added, {seconds} s"),
}
