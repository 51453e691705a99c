"""The pages of help under resources/help: Markdown, the same for the window and for readers."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from ovmfgui.named_tuple import NamedTuple
from ovmfgui.resources import resource_path, resource_text

if TYPE_CHECKING:
    from collections.abc import Iterator

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


@cache
def glossary() -> dict[str, str]:
    """The terms of the field and what each means, in the page's order."""
    terms: dict[str, str] = {}
    for part in _page(GLOSSARY).text.split(f"\n{_TERM}")[1:]:
        term, _newline, text = part.partition("\n")
        terms[term] = text.strip()
    return terms


def forms_of(term: str) -> tuple[str, ...]:
    """The words by which a text speaks of a term: "firmware volume (FV)" is both of them."""
    before, _bracket, inside = term.partition(" (")
    short = [inside.rstrip(")")] if inside.isupper() or inside.rstrip(")").isupper() else []
    return (*before.split(", "), *short)


@cache
def _finder() -> tuple[re.Pattern[str], dict[str, str]]:
    """All forms of all terms in one expression, the longest first; and the term of each form."""
    terms = {form: term for term in glossary() for form in forms_of(term)}
    known = {form.casefold() if form.islower() else form: term for form, term in terms.items()}
    parts = []
    for form in sorted(terms, key=len, reverse=True):
        # A word may begin a sentence and stand in the plural; a name is written as it is.
        first = f"[{form[0].upper()}{form[0]}]" if form[0].islower() else re.escape(form[0])
        plural = "s?" if form[-1].isalpha() and form[-1] != "s" else ""
        parts.append(f"{first}{re.escape(form[1:])}{plural}")
    return re.compile(rf"(?<![\w/.-])(?:{'|'.join(parts)})(?![\w/-]|\.\w)"), known


def terms_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Where the terms of the glossary stand in a text, each where it stands first.

    Yields:
        Start and end, in characters, and the term as the glossary has it.
    """
    expression, known = _finder()
    seen: set[str] = set()
    for found in expression.finditer(text):
        word = found[0]
        forms = (word, word[:1].lower() + word[1:])
        candidates = (*forms, *(form.removesuffix("s") for form in forms))
        term = next((known[form] for form in candidates if form in known), None)
        if term is not None and term not in seen:
            seen.add(term)
            yield found.start(), found.end(), term
