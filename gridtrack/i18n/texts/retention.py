"""What is kept how long: faults of the rules, and what commands say; (zh, en) by code."""

TEXTS: dict[str, tuple[str, str]] = {
    "retention-unreadable": (
        "{field} 读不懂：{value}。请按 TOML 格式改正，可先复制自带的文件再改",
        "{field} cannot be read: {value}. Mend it, or begin with a copy of the shipped file",
    ),
    "retention-version": (
        "{field}：“{value}”不是版本号，请写 1 以上的整数，每改一次加一",
        "{field}: “{value}” is no version; write a whole number from 1 on, one more with each edit",
    ),
    "retention-yes-no": (
        "{field}：“{value}”，请写 true 或 false",
        "{field}: “{value}”; write true or false",
    ),
    "retention-field": (
        "{field}：没有这一项，值为“{value}”",
        "{field}: there is no such field, with “{value}” in it",
    ),
    "retention-what": (
        "{field}：“{value}”不是可以清除的内容，可写：{known}",
        "{field}: “{value}” is nothing that can be removed; there are: {known}",
    ),
    "retention-keep": (
        "{field}：“{value}”，请写天数，如 365d，最多 {most} 天",
        "{field}: “{value}”; write days such as 365d, {most} at most",
    ),
    "retention-purpose": (
        "{field}：缺少保存目的，请写明为什么保存",
        "{field}: there is no purpose; say what it is kept for",
    ),
    "retention-twice": (
        "{field}：“{value}”有两条规则，请只留一条",
        "{field}: there are two rules for “{value}”; leave one",
    ),
    "retention-say-yes": (
        "{field}：清除后无法恢复。先用 --dry-run 看会清除什么，再用 --yes 清除，二者选一",
        "{field}: what goes cannot be brought back. Say --dry-run to see it, or --yes to do it",
    ),
    # --- is a deployment fit for the public ------------------------------------------------------
    "unfit-https": (
        "{field} 为 {value}：对外提供服务必须经 HTTPS，请在反向代理上启用并设为 true",
        "{field} is {value}: the public is served over HTTPS only; set it up, then say true",
    ),
    "unfit-url": (
        "{field}：“{value}”不是 https:// 开头的地址，消息里的链接要用它",
        "{field}: “{value}” is no address that begins with https://; links in messages need it",
    ),
    "unfit-key": (
        "{field} 太短或太好猜：请用至少 {least} 个随机字符，或不设此项，由系统自己生成",
        "{field} is easily guessed: give {least} random characters, or none to have one made",
    ),
    "unfit-readable": (
        "{field} 的权限为 {value}，别人也能读：请 chmod 600",
        "{field} has the mode {value}, so others can read it: chmod 600",
    ),
    "unfit-writable": (
        "{field} 的权限为 {value}，任何人都能写：请 chmod 750",
        "{field} has the mode {value}, so everybody can write in it: chmod 750",
    ),
    "number-unreadable": (
        "{field}：“{value}”不是事件编号，编号形如 261122-00042",
        "{field}: “{value}” is no number of a matter; numbers look like 261122-00042",
    ),
}
