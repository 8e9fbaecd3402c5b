"""Why a file of polygons cannot be used: unpacking, reference systems, GeoJSON.

(zh, en) by code.
"""

FEATURE = "（第 {feature} 个要素，从 0 数起）", "(feature {feature}, counting from 0)"

TEXTS: dict[str, tuple[str, str]] = {
    "file-missing": ("打不开文件 {value}：{reason}。", "Cannot open the file {value}: {reason}."),
    "file-empty": (
        "文件 {value} 是空的，请重新导出。",
        "The file {value} is empty; export it anew.",
    ),
    "file-too-large": (
        "文件 {value} 太大，最多 {most:MB}；请去掉多余字段，或分级导入。",
        "The file {value} is too large, at most {most:MB}; drop fields, or import level by level.",
    ),
    "file-unpacks-too-large": (
        "文件 {value} 解压后超过 {most:MB}，不予读取；请检查压缩包。",
        "The file {value} unpacks to more than {most:MB} and is not read; check the archive.",
    ),
    "file-damaged": (
        "文件 {value} 已损坏（{reason}），请重新导出或重新传输。",
        "The file {value} is damaged ({reason}); export or transfer it again.",
    ),
    "file-unreadable": (
        "文件 {value} 读不出（{reason}）；请用 GeoJSON、GeoPackage 或压缩的 Shapefile。",
        (
            "The file {value} cannot be read ({reason}); use GeoJSON, GeoPackage or a zipped "
            "Shapefile."
        ),
    ),
    "file-encoding": (
        "文件 {file} 的文字不是 {value} 编码；请用 --encoding 说明，例如 GB18030。",
        "The text of {file} is not {value}; name its encoding with --encoding, such as GB18030.",
    ),
    "zip-content": (
        "压缩包 {value} 里应有一个 Shapefile、GeoPackage 或 GeoJSON，现在有 {count} 个：{names}。",
        (
            "The archive {value} must hold one Shapefile, GeoPackage or GeoJSON file and holds "
            "{count}: {names}."
        ),
    ),
    "layer-choose": (
        "文件 {file} 里的图层是：{layers}；请用 --layer 选一个。",
        "The file {file} has these layers: {layers}; choose one with --layer.",
    ),
    "shape-broken": (
        "文件 {file} 的图形读不出，多半是环被截断" + FEATURE[0] + "；请重新导出。",
        "A shape of {file} cannot be read, most likely a truncated ring " + FEATURE[1] + "; "
        "export it anew.",
    ),
    "crs-unknown": (
        "“{value}”不是已知的坐标参考系；请写成 EPSG:4490 这样的形式。",
        "“{value}” is no known coordinate reference system; write it like EPSG:4490.",
    ),
    "crs-no-plane": (
        "“{value}”不是以米为单位的投影坐标系，不能用来量面积；请换一个，或不填。",
        "“{value}” is no projected system in metres and cannot measure; name another, or none.",
    ),
    "crs-disagrees": (
        "文件 {file} 自称坐标系是 {own}，与给出的 {value} 不同；请不填 --crs，或改正文件。",
        (
            "The file {file} says that its system is {own}, not {value}; leave --crs out, or "
            "correct the file."
        ),
    ),
    "crs-elsewhere": (
        "文件 {file} 按 {crs} 换算后落在 {value}" + FEATURE[0] + "，不在它适用的地区"
        "（{area}）；请用 --crs 说明真正的坐标系。",
        "Read as {crs}, {file} lands at {value} " + FEATURE[1] + ", outside of the ground that "
        "system is made for ({area}); name the real one with --crs.",
    ),
    "lonlat-out-of-range": (
        "文件 {file} 的坐标 {value} 不是经纬度" + FEATURE[0] + "；若是投影坐标，请用 --crs EPSG:n "
        "说明。",
        "The coordinates {value} in {file} are no degrees " + FEATURE[1] + "; if they are "
        "projected, say so with --crs EPSG:n.",
    ),
    "lonlat-swapped": (
        "文件 {file} 的坐标 {value} 像是先纬度后经度" + FEATURE[0] + "；请对调后再导入。",
        "The coordinates {value} in {file} look like latitude before longitude "
        + FEATURE[1]
        + "; swap them.",
    ),
    "lonlat-zero": (
        "文件 {file} 里有坐标 0, 0" + FEATURE[0] + "，多半是空值；请改正这个要素。",
        "{file} has a vertex at 0, 0 " + FEATURE[1] + ", most likely an empty value; correct it.",
    ),
    "extent-too-wide": (
        "网格的范围有 {most_deg} 度以上（{value}），离其余最远的是 {grid}；请检查它的坐标。",
        (
            "The grids spread over more than {most_deg} degrees ({value}); the farthest from the "
            "rest is {grid}; check its coordinates."
        ),
    ),
    # GeoJSON
    "geojson-encoding": (
        "文件 {file} 不是 UTF-8 文字（第 {byte} 字节起）；请以 UTF-8 重新保存。",
        "The file {file} is not UTF-8 text (from byte {byte} on); save it as UTF-8.",
    ),
    "geojson-broken": (
        "文件 {file} 第 {line} 行第 {column} 列不是合法的 JSON（“{value}”）；请重新导出。",
        "{file} is no proper JSON at line {line}, column {column} (“{value}”); export it anew.",
    ),
    "geojson-too-deep": (
        "文件 {file} 嵌套太深，不像 GeoJSON；请重新导出。",
        "The file {file} is nested too deeply for GeoJSON; export it anew.",
    ),
    "geojson-number": (
        "文件 {file}：{field} 的“{value}”不是可用的数；请改正。",
        "{file}: “{value}” at {field} is no usable number; correct it.",
    ),
    "geojson-duplicate-member": (
        "文件 {file}：同一对象里“{value}”出现两次，意思不明；请删去一个。",
        "{file}: an object has “{value}” twice, so its meaning is open; delete one.",
    ),
    "geojson-root": (
        "文件 {file} 的最外层应是对象，现在是“{value}”；请检查是不是 GeoJSON。",
        "The root of {file} must be an object and is “{value}”; check that it is GeoJSON.",
    ),
    "geojson-member-kind": (
        "文件 {file}：{field} 应是 {wanted}，现在是“{value}”；请改正。",
        "{file}: {field} must be an {wanted} and is “{value}”; correct it.",
    ),
    "geojson-member-missing": (
        "文件 {file}：缺少 {field}；请补上。",
        "{file}: {field} is missing; add it.",
    ),
    "geojson-member-forbidden": (
        "文件 {file}：这里不能有 {field}（RFC 7946 第 7.1 节）；请删去。",
        "{file}: {field} must not stand here (RFC 7946, section 7.1); delete it.",
    ),
    "geojson-not-a-feature": (
        "文件 {file}：{field} 应是 Feature，现在是“{value}”；请改正。",
        "{file}: {field} must be Feature and is “{value}”; correct it.",
    ),
    "geojson-type-unknown": (
        "文件 {file}：{field} 的“{value}”不是 GeoJSON 的类型（区分大小写）；请改正。",
        "{file}: “{value}” at {field} is no type of GeoJSON (capitals matter); correct it.",
    ),
    "geojson-id": (
        "文件 {file}：{field} 应是文字或数，现在是“{value}”；请改正。",
        "{file}: {field} must be text or a number and is “{value}”; correct it.",
    ),
    "geojson-bbox": (
        "文件 {file}：{field} 应是 4 个或 6 个数，现在是“{value}”；请改正或删去。",
        "{file}: {field} must be 4 or 6 numbers and is “{value}”; correct or delete it.",
    ),
    "geojson-crs": (
        "文件 {file}：crs 的写法不认识（“{value}”）；请删去它，用 --crs 说明。",
        "{file}: the crs member is not understood (“{value}”); delete it and use --crs.",
    ),
    "geojson-line-short": (
        "文件 {file}：{field} 的线只有 {count} 个点，至少要 2 个。",
        "{file}: the line at {field} has {count} positions and needs 2.",
    ),
    "geojson-ring-short": (
        "文件 {file}：{field} 的环只有 {count} 个点，至少要 4 个；多半被截断，请重新导出。",
        (
            "{file}: the ring at {field} has {count} positions and needs 4; it looks truncated, "
            "export it anew."
        ),
    ),
    "geojson-ring-open": (
        "文件 {file}：{field} 的环没有闭合（{value}）；首末两点要相同，请重新导出。",
        (
            "{file}: the ring at {field} is not closed ({value}); its first and last position must "
            "be the same, export it anew."
        ),
    ),
    "geojson-position": (
        "文件 {file}：{field} 应是一个坐标（数组），现在是“{value}”；括号层数可能不对。",
        "{file}: {field} must be a position (an array) and is “{value}”; check the brackets.",
    ),
    "geojson-position-short": (
        "文件 {file}：{field} 的坐标不足两个数（{value}）；请补全。",
        "{file}: the position at {field} has less than two numbers ({value}); complete it.",
    ),
    "geojson-coordinate": (
        "文件 {file}：{field} 的“{value}”不是数；坐标不能加引号或留空。",
        "{file}: “{value}” at {field} is no number; coordinates take no quotes and no blanks.",
    ),
}
