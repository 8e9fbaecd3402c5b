"""QR codes as drawings in the page: no request, no library in the browser."""

from io import BytesIO

import segno
from markupsafe import Markup


def qr_svg(text: str) -> Markup:
    """A QR code of `text`; black on white in every theme, or cameras do not read it."""
    out = BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(out, kind="svg", xmldecl=False, svgns=False, omitsize=True, light="#fff")
    # Numbers of a drawing: nothing of the text stands in it.
    return Markup(out.getvalue().decode())  # noqa: S704
