"""The words of the pages: gettext with types, since Flask-Babel carries none."""

import flask_babel


def gettext(text: str, **values: object) -> str:
    """`text` in the reader's language, with `%(name)s` places filled."""
    return str(flask_babel.gettext(text, **values))


def ngettext(one: str, many: str, num: int) -> str:
    """`one` or `many` in the reader's language, with `%(num)d` filled."""
    return str(flask_babel.ngettext(one, many, num))
