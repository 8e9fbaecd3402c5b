"""The entrances of the mini programme over one form: what each offers, says and begins with. Pure.

Which categories a deployment has is the tree's to say; a code that is not in it is passed over.
"""

import tomllib
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gridtrack.errors import Invalid

_Text = Annotated[str, Field(min_length=1)]
_Code = Annotated[str, Field(pattern=r"^\d{2}(\d{2})?$")]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Entrance(_Table):
    """One way in: its words in both languages and its defaults."""

    code: Annotated[str, Field(pattern=r"^[a-z]{2,20}$")]
    zh: _Text
    en: _Text
    icon: _Text
    lead_zh: _Text
    lead_en: _Text
    describe_zh: _Text
    describe_en: _Text
    hint_zh: str = ""
    hint_en: str = ""
    groups: Annotated[list[_Code], Field(min_length=1)]
    usual: list[_Code] = []
    preset: str = ""
    choice: Literal["hidden", "named", "anonymous"] = "hidden"

    def word(self, name: str, locale: str) -> str:
        """A text in the reader's language: `name` is lead, describe, hint, or "" for its word."""
        language = "zh" if locale.startswith("zh") else "en"
        found: str = getattr(self, f"{name}_{language}" if name else language)
        return found

    def offers(self, category: str) -> bool:
        """True where a category is one of those this entrance offers first."""
        return category in self.groups or category[:2] in self.groups


class _Document(_Table):
    entrance: Annotated[list[Entrance], Field(min_length=1)]


def parse(text: str) -> Mapping[str, Entrance]:
    """The entrances in a TOML text, by code in its order; raises Invalid naming what is wrong."""
    try:
        document = _Document.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise Invalid("bad-toml", field="entrances", value=str(error)) from error
    except ValidationError as error:
        raise Invalid(
            "entrances-bad", field=_where(error), value=error.errors()[0]["msg"]
        ) from error
    return {one.code: one for one in document.entrance}


def _where(error: ValidationError) -> str:
    return ".".join(str(part) for part in error.errors()[0]["loc"])


def first(offered: Sequence[str], entrance: Entrance | None) -> list[str]:
    """The categories with those of the entrance first, in the order in which it names them."""
    if entrance is None:
        return list(offered)
    ranks = {code: n for n, code in enumerate(entrance.groups)}
    far = len(ranks)
    return sorted(offered, key=lambda code: min(ranks.get(code, far), ranks.get(code[:2], far)))
