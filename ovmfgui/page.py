"""The frame of a page that needs nothing from anywhere else: HTML for a browser, a ticket, a print.

Its policy lets the browser apply and run what stands in the page's own head, told by digest
(Content Security Policy Level 3, section 2.3.1), and load, apply and run nothing besides: markup
that a file's words may have smuggled in stays without effect. What a browser would obey instead of
showing it (marks that turn the direction of writing) is escaped.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

from ovmfgui.wording import visible


def page(title: str, style: str, body: str, script: str = "") -> str:
    """The page.

    Args:
        title: of the window, escaped already.
        style: the one style sheet.
        body: what stands inside ``<body>``, escaped already, without style attributes.
        script: the one script, run after the body; empty for none.
    """
    policy = f"default-src 'none'; style-src {_digest(style)}"
    if script:
        policy += f"; script-src {_digest(script)}"
    end = f"<script>{script}</script>\n" if script else ""
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{visible(title)}</title>
<style>{style}</style>
</head>
<body>
{visible(body)}
{end}</body>
</html>
"""


def _digest(text: str) -> str:
    """What a policy calls an element by: the digest of all that stands between its tags."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
