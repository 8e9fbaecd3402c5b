"""Names of the demo place: made up, or the everyday ones that every Chinese town has."""

DIGITS = "零一二三四五六七八九"

SUBDISTRICT, SUBDISTRICT_EN, SUBDISTRICT_CODE = "映溪街道", "Yingxi Subdistrict", "350999001"

STREETS = (
    ("和平路", "Heping Road"),
    ("新华路", "Xinhua Road"),
    ("育才路", "Yucai Road"),
    ("后山路", "Houshan Road"),
    ("茶厂路", "Chachang Road"),
    ("水门街", "Shuimen Street"),
    ("工农路", "Gongnong Road"),
    ("粮站路", "Liangzhan Road"),
    ("果园路", "Guoyuan Road"),
    ("学前路", "Xueqian Road"),
    ("南门街", "Nanmen Street"),
    ("迎宾路", "Yingbin Road"),
    ("竹林路", "Zhulin Road"),
    ("民主路", "Minzhu Road"),
    ("东门街", "Dongmen Street"),
    ("车站路", "Chezhan Road"),
    ("松林路", "Songlin Road"),
    ("书院街", "Shuyuan Street"),
    ("桥头路", "Qiaotou Road"),
    ("团结路", "Tuanjie Road"),
    ("西门街", "Ximen Street"),
    ("农贸路", "Nongmao Road"),
    ("丰收路", "Fengshou Road"),
    ("石桥路", "Shiqiao Road"),
    ("梅园路", "Meiyuan Road"),
    ("体育路", "Tiyu Road"),
    ("邮电路", "Youdian Road"),
    ("白塔路", "Baita Road"),
    ("长乐街", "Changle Street"),
    ("兴业路", "Xingye Road"),
    ("樟树路", "Zhangshu Road"),
    ("古井街", "Gujing Street"),
    ("福寿路", "Fushou Road"),
    ("安康路", "Ankang Road"),
    ("桂花路", "Guihua Road"),
    ("晒谷路", "Shaigu Road"),
    ("柳堤路", "Liudi Road"),
    ("望山路", "Wangshan Road"),
    ("永安路", "Yong'an Road"),
    ("清泉路", "Qingquan Road"),
    ("同心路", "Tongxin Road"),
    ("云岭路", "Yunling Road"),
    ("绿荫路", "Lüyin Road"),
    ("平安路", "Ping'an Road"),
    ("振兴路", "Zhenxing Road"),
    ("瓦窑路", "Wayao Road"),
    ("枫林路", "Fenglin Road"),
    ("莲池路", "Lianchi Road"),
    ("前进路", "Qianjin Road"),
    ("银杏路", "Yinxing Road"),
)


def numeral(n: int) -> str:
    """The Chinese numeral of 1 to 99, as lanes and grids are numbered on signs."""
    tens, ones = divmod(n, 10)
    if tens == 0:
        return DIGITS[ones]
    lead = "十" if tens == 1 else DIGITS[tens] + "十"
    return lead + (DIGITS[ones] if ones else "")
