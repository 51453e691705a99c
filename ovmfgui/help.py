"""The pages of help under resources/help: Markdown, the same for the window and for readers."""

from __future__ import annotations

from typing import NamedTuple

from ovmfgui.resources import resource_path, resource_text

GLOSSARY = "glossary"
_TERM = "### "


class HelpPage(NamedTuple):
    """One page.

    Attributes:
        name: the file's, without its ending.
        title: its first heading.
        text: the whole page, Markdown.
    """

    name: str
    title: str
    text: str


def help_pages() -> tuple[HelpPage, ...]:
    """All pages: the glossary first, the others by their titles."""
    pages = [_page(path.stem) for path in resource_path("help").glob("*.md")]
    return tuple(sorted(pages, key=lambda page: (page.name != GLOSSARY, page.title)))


def _page(name: str) -> HelpPage:
    text = resource_text(f"help/{name}.md")
    return HelpPage(name, text.partition("\n")[0].removeprefix("# "), text)


def glossary() -> dict[str, str]:
    """The terms of the field and what each means, in the page's order."""
    terms: dict[str, str] = {}
    for part in _page(GLOSSARY).text.split(f"\n{_TERM}")[1:]:
        term, _newline, text = part.partition("\n")
        terms[term] = text.strip()
    return terms
