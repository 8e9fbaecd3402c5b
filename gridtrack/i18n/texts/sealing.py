"""Sealed reporters: their keys, and what is said where one does not fit."""

TEXTS: dict[str, tuple[str, str]] = {
    "seal-key-missing": (
        "缺少密钥 {key}，上报人信息暂时打不开。请管理员运行 gridtrack keys status，把该密钥放回。",
        (
            "Key {key} is not here, so the reporter cannot be shown. Ask whoever runs the machine "
            "to look at gridtrack keys status and to bring the key back."
        ),
    ),
    "seal-broken": (
        "上报人信息与密钥 {key} 不符：内容被改动或挪动过。请告知管理员，不要覆盖。",
        (
            "What is sealed does not fit key {key}: it was changed or moved. Tell whoever runs the "
            "machine, and write nothing over it."
        ),
    ),
    "seal-keys-bad": (
        "{field} 不是本产品写的密钥，请用备份的密钥文件换回。",
        "{field} does not hold keys as gridtrack writes them; bring back the file that was kept.",
    ),
    "seal-keys-setting": (
        "密钥由 {value} 给出：请把新密钥写在最前面，重启后运行 gridtrack keys rotate --go-on。",
        (
            "{value} gives the keys: put the new one first there, start again, then run gridtrack "
            "keys rotate --go-on."
        ),
    ),
    "seal-key-differs": (
        "两处的密钥 {key} 编号相同、内容不同，没有合并。",
        "There are two different keys called {key}; nothing was joined.",
    ),
    "seal-keys-fresh": (
        "密钥 {key} 启用不到一小时，可能还有用旧密钥的上报未写完，请稍后再试。",
        (
            "Key {key} is younger than an hour: a report under an older one may still be on its "
            "way. Try again later."
        ),
    ),
}
