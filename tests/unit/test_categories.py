"""The shipped matter tree says what the field guide says, and a bad tree file says where."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridtrack.categories.parse import parse_tree
from gridtrack.categories.rules import Record, Sensitivity, Side
from gridtrack.categories.shipped import shipped_text, shipped_tree
from gridtrack.errors import Invalid, Rejected
from gridtrack.limits import AMOUNT_MAX, Limit, Unit, parse_limit

TREE = shipped_tree()

# code: side>assist, acknowledge, arrive, resolve, sensitivity; read off field-guide.md §3 by hand.
GUIDE = """
0101 G>C>D 5min 1h 20wd 2
0102 C>D 30min - 15wd 2
0103 D 30min - 4wh 1
0104 P>D 15min - 4h 1
0105 P>G 30min - 2d 1
0106 P>D 15min 4h 10wd 2
0201 G>M 15min - 30d 2
0202 C>M 15min - 30d 3
0203 C>D 5min - 1h 3
0204 C>M>D 30min - 30d 2
0205 C>D 30min - 15d 2
0206 C>D 30min - 30d 2
0207 C>D 5min - 1h 3
0301 G>C 15min - same-day 3
0302 G>C 1h - 3d 2
0303 C>D 15min 1h 1d 2
0304 C 1d - 15d 3
0401 P/D 30min - 4wh 0
0402 P/D 30min - 2wd 0
0403 P/D 30min - 4wh 0
0404 D 1h - 3wd 1
0405 P 1h - 5wd 1
0406 G>D 1h - 3wd 1
0501 P>D 5min 30min 3d 2
0502 P>G>D 5min - 30min 1
0503 P>D 5min - 1h 1
0504 P>D 5min - 24h 1
0505 P>D 5min - 30min 1
0506 P>D 5min - 1h 1
0507 C>D 5min - 3d 0
0508 C>D 5min - 3d 0
0509 D 5min - 30min 3
0601 P 5min - same-day 0
0602 D 5min - 24h 0
0603 P/D 5min - 24h 0
0604 P/D 30min - 5wd 0
0605 P/D 30min - 4h 0
0606 P/D 30min - 3d 0
0701 P 5min - same-day 1
0702 P 5min - 1d 1
0703 C>D 5min - 15d 2
0704 C 5min - 5d 2
0801 G>V 15min - same-day 2
0802 P/V>C 5min - 30min 2
0803 C>V 1d - 30d 1
0804 G>V 1h - 2d 1
0805 C>D 1h - 15d 2
0806 C 1h - 1d 0
0807 C 1d - 90d 0
09 G>D 15min - 4h 2
10 G>C - - - 3
11 G - - - 1
12 C 1d - 15d 1
""".strip().splitlines()


def as_line(code):
    c = TREE.get(code)
    first = c.side if c.side_outside is None else f"{c.side}/{c.side_outside}"
    clocks = [str(limit) if limit else "-" for limit in (c.acknowledge, c.arrive, c.resolve)]
    return " ".join([code, ">".join([first, *c.assist]), *clocks, str(int(c.sensitivity))])


def a_tree(*more, category=""):
    """A small tree file: one group, one category with the given lines replaced or added."""
    lines = {
        "code": '"0101"',
        "zh": '"抢建"',
        "en": '"Construction"',
        "side": '"G"',
        "sensitivity": "2",
        "acknowledge": '"5min"',
        "resolve": '"20wd"',
    }
    for line in filter(None, category.split("\n")):
        name, _, value = line.partition(" = ")
        lines[name] = value
    body = "\n".join(f"{name} = {value}" for name, value in lines.items() if value)
    sides = "\n".join(f'[[side]]\ncode = "{s}"\nzh = "{s}"\nen = "{s}"' for s in "GPCD")
    extra = "\n".join(more)
    return (
        f'version = 1\n{sides}\n[[group]]\ncode = "01"\nzh = "违"\nen = "Illegal"\n'
        f"[[category]]\n{body}\n{extra}\n"
    )


def faults_of(text):
    with pytest.raises(Rejected) as caught:
        parse_tree(text)
    return [(fault.code, fault.field) for fault in caught.value.faults]


@pytest.mark.parametrize("line", GUIDE, ids=lambda line: line.split()[0])
def test_each_code_of_the_guide_has_its_sides_clocks_and_sensitivity(line):
    assert as_line(line.split()[0]) == line


def test_the_tree_holds_the_codes_of_the_guide_and_one_for_what_fits_nowhere():
    assert [c.code for c in TREE.leaves()] == [*(line.split()[0] for line in GUIDE), "13"]


def test_what_fits_nowhere_is_answered_in_five_minutes_by_the_gridworker():
    assert as_line("13") == "13 G>C 5min - 5d 1"


def test_the_groups_are_01_to_13():
    assert list(TREE.groups) == [f"{n:02}" for n in range(1, 14)]


@pytest.mark.parametrize(
    ("code", "zh"),
    [
        ("0101", "抢建/在建违建"),
        ("0201", "邻里纠纷(噪音/漏水/养鸡)"),
        ("0301", "丧事报告(丧事简办)"),
        ("0402", "建筑垃圾"),
        ("0506", "燃气/用电"),
        ("0601", "小区路灯/楼道灯"),
        ("0704", "服务态度"),
        ("0807", "停车/出入口/加装电梯/公共议题"),
        ("09", "公共卫生"),
        ("12", "建言/表扬/党建"),
    ],
)
def test_chinese_names_are_those_of_the_guide(code, zh):
    assert TREE.get(code).name("zh") == zh


def test_a_name_is_english_outside_chinese_locales():
    assert TREE.get("0103").name("en") == "Street trading"


def test_a_name_is_chinese_in_every_chinese_locale():
    assert TREE.group("01").name("zh_Hans_CN") == "两违两乱"


@pytest.mark.parametrize(
    ("code", "steps"),
    [
        ("0101", {"stop": "4wh"}),
        ("0102", {"verify": "1d", "plan": "15wd"}),
        ("0201", {"visit": "1d"}),
        ("0301", {"decide": "1h", "visit": "same-day"}),
        ("0502", {"remove": "30min"}),
        ("0505", {"rescue": "30min"}),
        ("0507", {"cordon": "1h"}),
        ("0509", {"handover": "30min"}),
        ("0603", {"guard": "1h"}),
        ("0803", {"claim": "7d"}),
    ],
)
def test_steps_on_the_way_have_the_limits_of_the_guide(code, steps):
    assert {step.code: str(step.limit) for step in TREE.get(code).steps} == steps


def test_building_disputes_funerals_and_safety_need_a_second_person():
    needing = {c.code for c in TREE.leaves() if c.second_person}
    disputes_and_safety = {c.code for c in TREE.leaves() if c.group in ("02", "05")}
    assert needing == {"0101", "0102", "0106", "0301", "0303"} | disputes_and_safety


def test_the_property_manager_is_a_party_to_complaints_about_it():
    assert {c.code for c in TREE.leaves() if c.property_is_party} == {"0204", "0703", "0704"}


def test_residents_choose_from_all_but_visits_and_patrols():
    assert {c.code for c in TREE.leaves()} - {c.code for c in TREE.public()} == {"10", "11"}


def test_illegal_building_and_facilities_are_resolved_with_a_photo():
    with_photo = {c.code for c in TREE.leaves() if "photo" in c.required}
    facilities = {c.code for c in TREE.leaves("06")}
    assert with_photo == {"0101", "0102", "0106"} | facilities


def test_a_funeral_ends_with_agreed_partly_or_not():
    funeral = TREE.get("0301")
    assert (funeral.required, funeral.outcomes) == (("outcome",), ("agreed", "partly", "not"))


@pytest.mark.parametrize("word", ["罚", "处罚", "黑名单", "penalty", "fine =", "blacklist"])
def test_the_tree_file_has_no_word_to_punish_with(word):
    assert word not in shipped_text()


@pytest.mark.parametrize(
    ("code", "number"), [("0203", "110"), ("0505", "119"), ("0506", "119"), ("0509", "110")]
)
def test_reporters_of_an_emergency_are_told_whom_to_call(code, number):
    emergency = TREE.get(code).emergency
    assert emergency.call == number
    assert number in emergency.text("zh")
    assert number in emergency.text("en")


@pytest.mark.parametrize(
    ("code", "departments"),
    [
        ("0101", ("urban-management", "natural-resources")),
        ("0203", ("police", "women")),
        ("0303", ("civil-affairs", "urban-management")),
        ("0401", ("sanitation", "municipal-works")),
    ],
)
def test_named_departments_are_those_of_the_guide(code, departments):
    assert TREE.get(code).departments == departments


def test_five_minutes_are_three_hundred_seconds():
    assert TREE.get("0101").acknowledge.span == timedelta(seconds=300)


def test_working_time_has_no_span_without_a_calendar():
    assert TREE.get("0101").resolve.span is None


def test_visits_come_from_a_plan_and_quiet_patrols_go_to_a_log():
    assert (TREE.get("10").record, TREE.get("11").record) == (Record.PLAN, Record.LOG)


def test_health_data_seals_a_public_health_matter():
    assert TREE.get("09").sensitivity_of(health_data=True) is Sensitivity.SEALED


def test_a_public_health_matter_without_health_data_stays_in_the_chain():
    assert TREE.get("09").sensitivity_of() is Sensitivity.CHAIN


def test_refuse_outside_an_estate_is_the_departments():
    assert TREE.get("0401").side_at(in_estate=False) is Side.DEPARTMENT


def test_refuse_in_an_estate_is_the_property_managers():
    assert TREE.get("0401").side_at(in_estate=True) is Side.PROPERTY


def test_a_category_of_one_side_keeps_it_everywhere():
    assert TREE.get("0701").side_at(in_estate=False) is Side.PROPERTY


def test_every_word_has_both_names():
    words = TREE.words
    lists = (words.sides, words.departments, words.steps, words.outcomes, TREE.groups)
    assert all(word.zh and word.en for each in lists for word in each.values())


def test_every_word_that_is_declared_is_used():
    words, leaves = TREE.words, TREE.leaves()
    assert set(words.departments) == {d for c in leaves for d in c.departments}
    assert set(words.steps) == {step.code for c in leaves for step in c.steps}


def test_a_heading_is_no_category():
    with pytest.raises(Invalid, match="category-unknown"):
        TREE.get("01")


def test_an_unknown_code_is_named():
    with pytest.raises(Invalid) as caught:
        TREE.get("7777")
    assert caught.value.params == {"field": "category", "value": "7777"}


def test_an_unknown_group_is_refused():
    with pytest.raises(Invalid, match="category-unknown"):
        TREE.group("7701")


def test_a_category_finds_the_heading_it_stands_under():
    assert TREE.group("0303").name("en") == "Customs"


def test_a_group_that_is_one_category_is_its_own_heading():
    assert TREE.group("09").zh == TREE.get("09").zh


def test_local_classes_are_marked():
    local = '[[group]]\ncode = "91"\nzh = "本地"\nen = "Ours"\n'
    category = TREE_LOCAL.format(code="9101")
    tree = parse_tree(shipped_text() + local + category)
    assert [c.code for c in tree.leaves() if c.local] == ["9101"]


TREE_LOCAL = (
    '[[category]]\ncode = "{code}"\nzh = "本地"\nen = "Ours"\nside = "C"\nsensitivity = 1\n'
    'acknowledge = "1h"\nresolve = "1d"\n'
)


def test_the_small_tree_of_these_tests_is_sound():
    assert parse_tree(a_tree()).get("0101").resolve == Limit(20, Unit.WORKDAY)


@pytest.mark.parametrize(
    ("line", "code", "field"),
    [
        ('side = "X"', "category-side-unknown", "0101.side"),
        ('assist = ["Q"]', "category-side-unknown", "0101.assist.0"),
        ('assist = ["M"]', "category-word-unknown", "0101.side"),
        ('acknowledge = "5 parsecs"', "category-unit-unknown", "0101.acknowledge"),
        ('acknowledge = "0min"', "category-limit-range", "0101.acknowledge"),
        ('resolve = "-3d"', "category-limit-range", "0101.resolve"),
        ('resolve = "99999d"', "category-limit-range", "0101.resolve"),
        ('arrive = "soon"', "category-limit-bad", "0101.arrive"),
        ("arrive = 5", "category-limit-bad", "0101.arrive"),
        ('resolve = "immediate"', "category-limit-bad", "0101.resolve"),
        ("sensitivity = 4", "category-sensitivity-bad", "0101.sensitivity"),
        ("sensitivity = true", "category-sensitivity-bad", "0101.sensitivity"),
        ('departments = ["moon"]', "category-word-unknown", "0101.departments"),
        ('required = ["penalty"]', "category-word-unknown", "0101.required"),
        ('required = ["outcome"]', "required", "0101.outcomes"),
        ('steps = [{ code = "dance" }]', "category-word-unknown", "0101.steps"),
        ('steps = [{ code = "x", limit = "0h" }]', "category-limit-range", "0101.steps.0.limit"),
        ('record = "rumour"', "category-word-unknown", "0101.record"),
        ('public = "yes"', "category-field-bad", "0101.public"),
        ('sidee = "G"', "category-field-unknown", "0101.sidee"),
        ("en = ", "required", "0101.en"),
        ('zh = ""', "category-field-bad", "0101.zh"),
        ("acknowledge = ", "required", "0101.acknowledge"),
        ("resolve = ", "required", "0101.resolve"),
        ('code = "101"', "category-field-bad", "101.code"),
        ('code = "0201"', "category-parent-missing", "0201.code"),
        ('emergency = { call = "help", zh = "求助", en = "Help" }', "category-field-bad",
         "0101.emergency.call"),
    ],
)  # fmt: skip
def test_a_fault_names_its_code_and_field(line, code, field):
    assert (code, field) in faults_of(a_tree(category=line))


def test_a_code_given_twice_is_refused():
    assert faults_of(a_tree(TREE_LOCAL.format(code="0101"))) == [
        ("category-duplicate", "0101.code")
    ]


def test_a_category_with_the_code_of_a_group_is_refused():
    assert ("category-duplicate", "01.code") in faults_of(a_tree(TREE_LOCAL.format(code="01")))


def test_a_file_without_a_version_is_refused():
    text = a_tree().replace("version = 1\n", "")
    assert faults_of(text) == [("required", "version")]


def test_every_fault_is_told_at_once():
    text = a_tree(category='side = "X"\nacknowledge = "5x"\nsensitivity = 9')
    assert [code for code, _ in faults_of(text)] == [
        "category-side-unknown", "category-sensitivity-bad", "category-unit-unknown",
    ]  # fmt: skip


def test_broken_toml_is_refused_with_its_place():
    with pytest.raises(Invalid, match=r"bad-toml.*line 2"):
        parse_tree("version = 1\nversion = = 2\n")


@given(st.integers(1, AMOUNT_MAX), st.sampled_from(sorted(set(Unit) - {Unit.SAME_DAY})))
def test_a_limit_reads_back_as_it_is_written(amount, unit):
    limit = Limit(amount, unit)
    assert parse_limit(str(limit), "x") == limit


@given(st.text() | st.integers() | st.none() | st.lists(st.text()))
def test_any_limit_is_read_or_refused_with_its_field(value):
    try:
        field = parse_limit(value, "0101.resolve") and "0101.resolve"
    except Invalid as fault:
        field = fault.field
    assert field == "0101.resolve"


@given(st.text(max_size=200))
def test_a_random_text_is_refused_and_breaks_nothing(text):
    with pytest.raises(Invalid):
        parse_tree(text)
