"""The audit: what stands against a cut, and what its lines are called.

(zh, en) by code.
"""

TEXTS: dict[str, tuple[str, str]] = {
    "audit-kept": (
        "审计记录至少保存 {days} 天，不能清除这之后的记录。",
        "The audit is kept for at least {days} days; nothing younger can be removed.",
    ),
    "audit-anchor": (
        "“{value}”不是审计锚点，应为 通道:序号:摘要。",
        "“{value}” is no anchor of the audit; write LANE:SEQ:DIGEST.",
    ),
    # --- what an act is called in the list; what is not here is shown by its own name ---
    "audit-act-reported": ("上报", "reported"),
    "audit-act-triaged": ("转受理台", "sent to the desk"),
    "audit-act-assigned": ("指派", "assigned"),
    "audit-act-reopened": ("重新打开", "reopened"),
    "audit-act-acknowledged": ("签收", "acknowledged"),
    "audit-act-start": ("开始处理", "began"),
    "audit-act-hold": ("挂起", "put on hold"),
    "audit-act-resume": ("恢复", "went on"),
    "audit-act-resolve": ("办理完毕", "handled"),
    "audit-act-hand_back": ("退回", "handed back"),
    "audit-act-note": ("备注", "noted"),
    "audit-act-reject": ("不予受理", "refused a matter"),
    "audit-act-closed": ("办结", "closed"),
    "audit-act-merged": ("并案", "merged"),
    "audit-act-photo": ("上传照片", "added a photo"),
    "audit-act-late-act": ("补传的操作", "a late act"),
    "audit-act-urged": ("催办", "urged"),
    "audit-act-ordered": ("督办", "gave an order"),
    "audit-act-order-answered": ("答复督办", "answered an order"),
    "audit-act-order-accepted": ("认可督办答复", "accepted an answer"),
    "audit-act-order-returned": ("退回督办答复", "sent an answer back"),
    "audit-act-order-withdrawn": ("撤回督办", "withdrew an order"),
    "audit-act-rerouted": ("改派网格", "moved with the grids"),
    "audit-act-log-in": ("登录", "logged in"),
    "audit-act-log-out": ("退出登录", "logged out"),
    "audit-act-audit-seal": ("审计封存", "sealed the audit"),
    "audit-act-audit-cut": ("审计清理", "cut the audit"),
    "audit-act-audit-export": ("导出审计", "took the audit out"),
    "audit-act-notices_read": ("通知已读", "read the notices"),
    "audit-act-work": ("其他操作", "another act"),
}
