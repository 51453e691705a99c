"""The pages of help: all are there to be read, and every term is told what it means."""

import re

import pytest

from ovmfgui.help import GLOSSARY, forms_of, glossary, help_pages, terms_in
from ovmfgui.migration.engine.model import ModelPlatform
from ovmfgui.migration.replay import run
from ovmfgui.migration.scenario.file import parse
from ovmfgui.resources import resource_path

TERMS = glossary()


def test_every_file_is_a_page_with_a_title_of_its_own():
    pages = help_pages()
    assert {page.name for page in pages} == {path.stem for path in resource_path("help").iterdir()}
    assert pages[0].name == GLOSSARY
    assert {page.name for page in pages} >= {"firmware-exact-edits", "own-decoders", "two-engines"}
    assert len({page.title for page in pages}) == len(pages)
    for page in pages:
        assert page.text.startswith(f"# {page.title}\n")


def test_links_of_pages_lead_to_what_is_there():
    for page in help_pages():
        for target in re.findall(r"\]\(([^)]+)\)", page.text):
            assert (resource_path("help") / target).exists(), f"{page.name}: {target}"


def test_the_scenario_on_the_page_plays_as_it_declares():
    page = next(page for page in help_pages() if page.name == "lessons")
    (text,) = re.findall(r"```toml\n(.*?)```", page.text, re.DOTALL)
    assert run(parse(text, "own"), ModelPlatform()).well


def test_the_glossary_has_the_words_of_the_field():
    assert len(TERMS) >= 60
    assert {"CODE", "VARS", "FvLength", "reclaim", "RAMBlock", "FTW spare area"} <= set(TERMS)
    assert len({term.casefold() for term in TERMS}) == len(TERMS)
    assert resource_path("help/glossary.md").read_text().count("\n### ") == len(TERMS)


@pytest.mark.parametrize("term", TERMS)
def test_a_term_is_explained_in_one_to_three_sentences(term):
    text = TERMS[term]
    assert text.endswith(".")
    assert 1 <= len(re.findall(r"[.?](?= |$)", text)) <= 3
    assert "\n" not in text


def test_a_term_that_points_to_another_points_to_one_that_is_there():
    for text in TERMS.values():
        for other in re.findall(r"^See \*(.+?)\*\.", text):
            assert other in TERMS


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The FTW spare area", [("FTW spare area", "FTW spare area")]),
        ("Firmware volumes and FV", [("Firmware volumes", "firmware volume (FV)")]),
        ("db, then dbx", [("db", "db, dbx")]),
        ("its code, in OVMF_CODE_4M.fd", []),
        ("CODE and CODE", [("CODE", "CODE")]),
        ("Reclaims", [("Reclaims", "reclaim")]),
        ("unrecorded, record-keeping", []),
        ("/var/lib/libvirt/qemu/nvram/vm1, OVMF.fd", []),
        ("It is VARS.", [("VARS", "VARS")]),
        ("", []),
    ],
)
def test_terms_are_found_in_a_text_once_and_as_whole_words(text, found):
    assert [(text[start:end], term) for start, end, term in terms_in(text)] == found


@pytest.mark.parametrize("term", TERMS)
def test_every_form_of_a_term_is_found(term):
    for form in forms_of(term):
        assert [each for _start, _end, each in terms_in(f"It is {form}.")] == [term]
