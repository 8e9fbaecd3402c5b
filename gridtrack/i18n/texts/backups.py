"""Backups: what cannot be made, what is refused, and what to do then."""

TEXTS: dict[str, tuple[str, str]] = {
    "backup-nothing": (
        "这里没有可备份的数据库（{value}），请检查 GRIDTRACK_INSTANCE 和 GRIDTRACK_DATABASE_URL。",
        (
            "There is no database of gridtrack to back up ({value}); look at "
            "GRIDTRACK_INSTANCE and GRIDTRACK_DATABASE_URL."
        ),
    ),
    "backup-schema-differs": (
        "数据库结构是 {found}，程序是 {head}；请先运行 gridtrack db upgrade，或用同版本程序备份。",
        (
            "The database is at {found} and this code at {head}: run gridtrack db upgrade first, "
            "or back up with the code that fits."
        ),
    ),
    "backup-running": (
        "{value} 中正在进行另一次备份，请等它完成。",
        "Another backup is being made in {value}; wait until it is done.",
    ),
    "backup-exists": (
        "{value} 已经存在，请过一秒再试。",
        "{value} is there already; try again in a second.",
    ),
    "backup-disk-small": (
        "{value} 所在磁盘剩余 {free_mb} MB，备份约需 {need_mb} MB，没有开始。",
        (
            "{free_mb} MB are free where {value} lies and about {need_mb} MB are needed: nothing "
            "was begun."
        ),
    ),
    "backup-disk-failed": (
        "磁盘写入或读取失败（{reason}）：{value}。没有留下不完整的备份，已有的备份没有改动。",
        (
            "The disk failed ({reason}): {value}. Nothing half done was left; earlier backups are "
            "as they were."
        ),
    ),
    "backup-database-failed": (
        "数据库没有完成这一步：{reason}。原有数据没有改动。",
        "The database did not do it: {reason}. What was there is as it was.",
    ),
    "backup-none-here": (
        "{path} 中没有备份，请给出含 manifest.json 的文件夹或它的上级文件夹。",
        "There is no backup at {path}; name the folder with manifest.json, or the one above it.",
    ),
    "backup-manifest-bad": (
        "{value} 不是本产品写的样子，这份备份不能使用，请换一份。",
        "{value} is not as gridtrack writes it: this backup cannot be used, take another one.",
    ),
    "backup-format-newer": (
        "这份备份的格式（{value}）比程序新，请用更新的程序恢复。",
        "This backup has a newer format ({value}) than this code knows; restore it with newer.",
    ),
    "backup-schema-newer": (
        "备份的数据库结构是 {value}，比程序（{head}）新，请用更新的程序恢复。",
        (
            "The backup is of revision {value}, which this code (at {head}) does not know; restore "
            "it with newer code."
        ),
    ),
    "backup-part-missing": (
        "备份缺少 {value}，不能使用。",
        "{value} of the backup is missing: it cannot be used.",
    ),
    "backup-part-changed": (
        "备份中的 {value} 与写入时不同（损坏或被改动），不能使用。",
        "{value} of the backup is not what was written: damaged, or tampered with.",
    ),
    "backup-photo-changed": (
        "照片 {value} 缺失或已改变。删除它，下次备份会重新复制；--without-photos 可先恢复其余。",
        (
            "The photo {value} is gone or was changed. Delete the file and the next backup copies "
            "it again; --without-photos restores the rest."
        ),
    ),
    "backup-data-broken": (
        "数据库内容已损坏：{reason}。",
        "The data is damaged: {reason}.",
    ),
    "backup-rows-differ": (
        "{value} 的行数与记录不符。",
        "{value} does not hold the rows that it should.",
    ),
    "backup-seal-broken": (
        "{value} 在写入之后被改动过（封签不符），这份备份不能使用。",
        "{value} was changed since it was written (its seal is broken): do not use this backup.",
    ),
    "backup-key-wrong": (
        "{path} 中的密钥不是这份备份的密钥，没有恢复任何内容。",
        "The key in {path} is not the key of this backup; nothing was restored.",
    ),
    "backup-key-missing": (
        (
            "这里没有密钥。请用 --keys 给出这份备份的密钥文件；密钥确实丢失时用 --other-key："
            "所有人须重新登录，重复上报会得到新的查询码。"
        ),
        (
            "There is no key here. Give the key file of this backup with --keys; where it is lost, "
            "--other-key goes on with a new one: everybody logs in anew, and a report that is sent "
            "again gets another tracking code."
        ),
    ),
    "backup-key-other": (
        (
            "这里的密钥不是这份备份的密钥。请用 --keys 给出密钥文件，或用 --other-key 沿用："
            "所有人须重新登录，重复上报会得到新的查询码。"
        ),
        (
            "The key here is not the key of this backup. Give its key file with --keys, or go on "
            "with the one here by --other-key: everybody logs in anew, and a report that is sent "
            "again gets another tracking code."
        ),
    ),
    "backup-seal-keys-missing": (
        (
            "备份中的上报人信息由密钥 {value} 加密，这里没有。请用 --keys 给出当时写下的密钥文件；"
            "确已丢失时用 --other-key：其余内容恢复，这些姓名和联系方式再也打不开。"
        ),
        (
            "Reporters in this backup are sealed under key {value}, which is not here. Give the "
            "file of keys that was written then with --keys; where it is lost for good, "
            "--other-key brings back the rest, and those names and contacts open no more."
        ),
    ),
    "backup-key-setting": (
        "{value} 与密钥文件不同，而变量优先于文件；请先改变量。",
        "{value} differs from the key file and goes before it; change the variable first.",
    ),
    "keys-file-bad": (
        "{path} 不是 gridtrack backup make --keys 写的密钥文件。",
        "{path} is no key file as gridtrack backup make --keys writes it.",
    ),
    "keys-file-taken": (
        "{value} 已经存在，内容是另一把密钥；请换一个文件名。",
        "{value} is there and holds another key; take another name.",
    ),
    "keys-beside-backup": (
        "密钥文件不能放在备份文件夹 {value} 里：拿到备份的人就会同时拿到密钥。",
        "The key file must not lie in the backup folder {value}: who takes one would have both.",
    ),
    "restore-not-empty": (
        "{value} 中已有数据，没有恢复任何内容。用 --replace 替换：原有数据会保留在旁边。",
        (
            "{value} holds data; nothing was restored. --replace puts the backup in its place and "
            "keeps what is there aside."
        ),
    ),
    "restore-running": (
        "{value} 中正在进行另一次恢复，请等它完成。",
        "Another restore into {value} is at work; wait until it is done.",
    ),
    "restore-in-use": (
        "{value} 正在使用中，请先停止 gridtrack serve、gridtrack worker 和其他连接。",
        "{value} is in use: stop gridtrack serve, gridtrack worker and whatever else is connected.",
    ),
    "restore-differs": (
        "恢复后的 {value} 与备份不符，已退回原状。",
        "{value} did not come out as the backup is; everything was put back.",
    ),
}
