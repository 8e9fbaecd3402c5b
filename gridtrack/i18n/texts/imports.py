"""Bringing grids in by hand: its tasks, and what stands against a step.

(zh, en) by code.
"""

TEXTS: dict[str, tuple[str, str]] = {
    "task-import-look": ("查看文件", "Looking at the files"),
    "task-import-check": ("读取并检查网格", "Reading and checking grids"),
    "task-import-store": ("存为草稿", "Making the draft"),
    "phase-read": ("读取文件", "Reading the files"),
    "phase-compare": ("识别字段，生成预览", "Looking at the columns, drawing a preview"),
    "phase-draw": ("与已知位置比较", "Comparing with what is known"),
    "phase-check": ("检查网格", "Checking the grids"),
    "phase-store": ("存入网格", "Storing the grids"),
    "import-not-found": (
        "没有编号为 {id} 的导入，或已放置一天被清除；请重新选择文件。",
        "There is no such import ({id}), or it was left for a day; choose the files again.",
    ),
    "import-over": (
        "导入 {id} 已结束，不能再改；请重新开始。",
        "The import {id} is over and cannot be changed; begin anew.",
    ),
    "import-overtaken": (
        "导入 {id} 已取消或已改用别的设置，这一步不再需要。",
        "The import {id} was cancelled, or goes on with other settings; this step is void.",
    ),
    "import-not-there-yet": (
        "导入 {id} 还没有走到这一步；请先完成前面的步骤。",
        "The import {id} has not come to this step yet; take those before it first.",
    ),
    "import-no-file": (
        "没有选择文件；请选一个含各级网格的文件，或每级各一个。",
        "No file was chosen; choose one with all levels, or one for each level.",
    ),
    "import-levels": (
        "选了 {value} 个文件，分工不明；请只用“各级在一个文件”，或每级各选一个。",
        (
            "With {value} files it is not clear which is what; use either one with all levels, or "
            "one for each level."
        ),
    ),
    "import-file-kind": (
        "“{value}”不是可读的文件；请用 .geojson、.json、.gz、.gpkg，或压缩成 .zip 的 Shapefile。",
        "“{value}” is no file that can be read; use .geojson, .json, .gz, .gpkg or a zipped .shp.",
    ),
    "import-no-polygons": (
        "{value} 里没有面，网格要是面；请检查是否选对了文件或图层。",
        "{value} holds no polygons, and grids are polygons; check the file and its layer.",
    ),
    "import-depth": (
        "级数“{value}”不可用；请填 1 至 {most} 的整数，一般是 3。",
        "“{value}” is no number of levels; give a whole number from 1 to {most}, 3 as a rule.",
    ),
    "import-faults-left": (
        "还有 {count} 处问题没有接受（{value}）；请逐类勾选，或选择改正后的文件。",
        "{count} faults were not taken ({value}); tick each kind, or choose a corrected file.",
    ),
}
