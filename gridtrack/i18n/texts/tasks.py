"""Long work: its kinds, its phases, and how it can end.

(zh, en) by code; "task-" + kind is what is done, "phase-" + phase is which part of it.
"""

TEXTS: dict[str, tuple[str, str]] = {
    "task-check-edition": ("检查网格版本", "Checking an edition"),
    "phase-examine": ("检查网格", "Looking through the grids"),
    "task-matters-out": ("导出事件表", "Writing matters to a table"),
    "phase-write": ("写入", "Writing"),
    # --- how it can end ---
    "task-not-found": (
        "没有编号为 {id} 的任务，或已过一天被清除。",
        "There is no such work ({id}), or it was forgotten after a day.",
    ),
    "task-kind-unknown": (
        "不认识“{value}”这种任务；网站与后台进程的版本要一致，请先升级后台进程。",
        "Work of the kind “{value}” is not known; web and worker must be of the same version.",
    ),
    "task-lost": (
        "任务 {id} 已由别的后台进程接手。",
        "The work {id} is in the hands of another worker by now.",
    ),
    "task-worker-died": (
        "后台进程多次中断，任务 {id} 没有完成，也没有留下任何内容；请重新开始，或减小文件。",
        (
            "The worker was cut short too often; the work {id} did not end and left nothing "
            "behind. Start it anew, or with a smaller file."
        ),
    ),
    "task-broken": (
        "任务出错（{reason}），没有留下任何内容；请重试，仍出错时请把时间告诉管理员。",
        (
            "The work broke off ({reason}) and left nothing behind. Try again; if it happens "
            "again, tell the administrator when it was."
        ),
    ),
    "upload-not-found": (
        "上传的文件已不在（保留一天）；请重新选择文件。",
        "The files are gone (they are kept for a day); choose them again.",
    ),
}
