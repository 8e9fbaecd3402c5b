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
    "event-voice": ("添加语音 {seconds} 秒", "Voice note added, {seconds} s"),
}
