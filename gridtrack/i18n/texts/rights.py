"""People, passwords, sessions and the second factor: what stands against an act.

(zh, en) by code.
"""

TEXTS: dict[str, tuple[str, str]] = {
    "password-common": (
        "这个密码太常见，容易被猜到，请换一个。",
        "This password is a common one and easily guessed; choose another.",
    ),
    "password-name": (
        "密码里不要有自己的账号、姓名或电话。",
        "A password must not contain your login, name or telephone.",
    ),
    "login-slow": (
        "尝试次数过多，请在 {retry_after_s} 秒后再试。",
        "Too many tries; try again in {retry_after_s} seconds.",
    ),
    "second-factor": (
        "请先完成二次验证。",
        "Please show the second factor first.",
    ),
    "second-factor-wrong": (
        "验证码不对或已用过；连续输错五次须重新登录。",
        "These digits are wrong or were used already; after five wrong ones you log in again.",
    ),
    "second-factor-there": (
        "已设置二次验证；换手机请找安全管理员重置。",
        "The second factor is set up; for another phone ask the security administrator.",
    ),
    "second-factor-gone": (
        "二次验证已被重置，请重新设置。",
        "The second factor was reset; set it up anew.",
    ),
    "session-not-found": ("没有这次登录。", "There is no such session."),
    "roles-apart": (
        "“{held}”与“{role}”不能由同一人担任：三类管理员须分开，审计管理员不办理事务。",
        (
            "One person cannot hold both {held} and {role}: the three administrators are apart, "
            "and who reads the audit handles nothing."
        ),
    ),
    "post-left": ("原经办人已离岗", "the handler left the post"),
    "invitation-gone": (
        "这个链接已用过或已过期，请向安全管理员另要一个。",
        "This link was used or is over; ask the security administrator for another.",
    ),
    "password-old": (
        "现在的密码不对，未作更改。",
        "The password of now is wrong; nothing was changed.",
    ),
    "password-twice": (
        "两次输入的密码不一样。",
        "The two passwords differ.",
    ),
    "person-locked": (
        "账号已锁定，请先解锁。",
        "The account is locked; open it first.",
    ),
    "post-own": (
        "不能给自己增减岗位，请由另一位安全管理员办理。",
        "Nobody changes their own posts; another security administrator does.",
    ),
}
