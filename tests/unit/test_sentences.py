"""Every code has its sentence in both languages, and making one never fails."""

import ast
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gridtrack
from gridtrack.access import Role
from gridtrack.deadlines.policy import load as load_policy
from gridtrack.errors import Conflict, Invalid
from gridtrack.i18n.sentences import MODULES, TEXTS, sentence
from gridtrack.incidents.rules import Action, State

PACKAGE = Path(gridtrack.__file__).parent
RAISED = {
    "Invalid",
    "Conflict",
    "NotFound",
    "Forbidden",
    "Unauthenticated",
    "TooMany",
    "Unavailable",
}
MINE = ("categories", "photos", "notifications", "incidents", "deadlines", "accounts", "db")


def places(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def codes_raised(part):
    """The codes of the errors that a part of the package makes, with the file they stand in."""
    paths = [PACKAGE / part] if part.endswith(".py") else sorted((PACKAGE / part).rglob("*.py"))
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            first = node.args[0] if node.args else None
            if node.func.id in RAISED and isinstance(first, ast.Constant):
                yield first.value, path.name


ENTRIES = sorted(TEXTS.items())


@pytest.mark.parametrize(("code", "texts"), ENTRIES, ids=[code for code, _ in ENTRIES])
def test_both_languages_are_there_and_name_the_same_values(code, texts):
    zh, en = texts
    assert zh.strip()
    assert en.strip()
    assert places(zh) == places(en), code


@pytest.mark.parametrize(("code", "texts"), ENTRIES, ids=[code for code, _ in ENTRIES])
def test_places_are_plain_names(code, texts):
    for text in texts:
        for _, name, spec, conversion in string.Formatter().parse(text):
            if name is not None:
                assert name.isidentifier(), code
                assert spec in ("", "MB", "MP"), code
                assert conversion is None, code


def test_no_code_is_in_two_modules():
    counted = sum(len(module.TEXTS) for module in MODULES)
    assert counted == len(TEXTS)


def test_no_module_of_texts_is_forgotten():
    files = {path.stem for path in (PACKAGE / "i18n" / "texts").glob("*.py")} - {"__init__"}
    assert {module.__name__.rsplit(".", maxsplit=1)[-1] for module in MODULES} == files


@pytest.mark.parametrize("part", [*MINE, "settings.py", "access.py"])
def test_every_error_has_its_sentence(part):
    assert {code: file for code, file in codes_raised(part) if code not in TEXTS} == {}


@pytest.mark.parametrize("state", [state.value for state in State])
def test_every_state_has_a_name(state):
    assert f"state-{state}" in TEXTS


@pytest.mark.parametrize("action", [action.value for action in Action])
def test_every_action_has_a_name(action):
    assert f"action-{action}" in TEXTS


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_every_role_has_a_name(role):
    assert f"role-{role}" in TEXTS


def test_every_rung_that_is_shipped_has_a_name():
    shipped = (PACKAGE / "deadlines" / "policy.toml").read_text(encoding="utf-8")
    rungs = {r["code"] for ladder in load_policy(shipped)["ladder"] for r in ladder["rungs"]}
    assert {rung for rung in rungs if f"rung-{rung}" not in TEXTS} == set()


def test_a_sentence_is_chinese_in_a_chinese_locale():
    assert sentence("required", "zh_Hans_CN", field="category") == "请填写“类别”。"


@pytest.mark.parametrize("locale", ["en", "en-GB", "fr", ""])
def test_a_sentence_is_english_elsewhere(locale):
    assert sentence("required", locale, field="category") == (
        "“category” is missing; please fill it in."
    )


def test_an_error_makes_its_own_sentence():
    error = Invalid("too-long", field="description", value="2400", limit=2000)
    assert sentence(error.code, "en", **error.params) == (
        "“description” has 2400 characters, 2000 are the most; please shorten it."
    )


def test_states_and_actions_are_named():
    error = Conflict("conflict-state", state="closed", action="acknowledge")
    assert sentence(error.code, "zh", **error.params) == (
        "事项现在是“已结案”，不能“签收”；请刷新后再看。"
    )


def test_a_field_without_a_name_is_shown_as_it_is():
    assert "GRIDTRACK_SMPT_URL" in sentence(
        "unknown-setting", "zh", field="GRIDTRACK_SMPT_URL", value="x"
    )


def test_bytes_are_shown_in_millions():
    shown = sentence("photo-too-many-bytes", "en", field="photo", value=201e6, limit=20_000_000)
    assert "201.0 MB, 20.0 MB" in shown


def test_pixels_are_shown_in_millions():
    shown = sentence("photo-too-many-pixels", "zh", field="photo", value="9000x9000", limit=60e6)
    assert "9000x9000 过大，最多 60.0 百万像素" in shown


def test_a_missing_value_is_a_dash():
    assert sentence("too-long", "en", field="description", value="9") == (
        "“description” has 9 characters, — are the most; please shorten it."
    )


def test_nothing_is_told_as_empty():
    assert "（空）" in sentence("not-a-number", "zh", field="location", value=None)


def test_a_list_is_told_one_by_one():
    assert "use G, P, C." in sentence(
        "category-side-unknown", "en", field="0101.side", value="X", known=["G", "P", "C"]
    )


def test_an_unknown_code_comes_back_with_its_values():
    assert (
        sentence("never-heard-of", "en", field="x", value=3) == "never-heard-of (field=x, value=3)"
    )


def test_an_unknown_code_without_values_comes_back_alone():
    assert sentence("never-heard-of", "zh") == "never-heard-of"


def test_values_may_be_called_code_and_locale():
    assert sentence("never-heard-of", "en", code=1, locale=2) == "never-heard-of (code=1, locale=2)"


def test_invisible_characters_of_a_value_are_made_visible():
    shown = sentence("category-unknown", "en", field="category", value="a\x00b\u202ec\nd")
    assert "“a�b�c d”" in shown


def test_a_value_cannot_look_into_objects():
    assert "{0.__class__}" in sentence("category-unknown", "en", value="{0.__class__}")


def test_a_long_value_is_cut():
    assert len(sentence("category-unknown", "zh", value="长" * 10_000)) < 500


@given(
    st.sampled_from(sorted(TEXTS)) | st.text(),
    st.sampled_from(["zh", "en"]) | st.text(),
    st.dictionaries(
        st.sampled_from(["field", "value", "limit", "state", "known", "x"]),
        st.none() | st.text() | st.integers() | st.floats() | st.lists(st.text()) | st.booleans(),
    ),
)
def test_any_code_and_values_make_a_sentence(code, locale, params):
    assert isinstance(sentence(code, locale, **params), str)
