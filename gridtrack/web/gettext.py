"""The words of the pages: gettext with types, since Flask-Babel carries none."""

import flask_babel


def gettext(text: str, **values: object) -> str:
    """`text` in the reader's language, with `%(name)s` places filled."""
    return str(flask_babel.gettext(text, **values))
