"""The board: what stands against acts on several matters, and against keeping a view.

(zh, en) by code.
"""

TEXTS: dict[str, tuple[str, str]] = {
    "bulk-sealed": (
        "敏感事项不能批量分派，请打开后单独分派。",
        "A sealed matter is not assigned among others; open it and assign it by itself.",
    ),
    "wall-not-found": (
        "这块大屏没有开通，或其密钥已停用。",
        "There is no such screen, or its key has ended.",
    ),
    "walls-full": (
        "最多开通 {limit} 块大屏，请先停用一块。",
        "There can be {limit} screens; end the key of one first.",
    ),
    "views-full": (
        "最多保存 {limit} 个视图，请先删去一个。",
        "You can keep {limit} views; drop one first.",
    ),
}
