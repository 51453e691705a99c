"""Everything that is shipped is used, and everything used is shipped."""

import re
import tomllib
from pathlib import Path

import pytest

from ovmfgui.resources import resource_folder, resource_path, resource_text

ROOT = Path(__file__).parents[1]
SHIPPED = sorted(
    str(path.relative_to(resource_folder()))
    for path in resource_folder().rglob("*")
    if path.is_file()
)


def sources() -> str:
    texts = [path.read_text("utf-8") for path in (ROOT / "ovmfgui").rglob("*.py")]
    return "\n".join([*texts, (ROOT / "README.md").read_text("utf-8")])


# Folders that are read as a whole, whatever lies in them.
WHOLE = ("certificates/", "scenarios/", "help/", "examples/")


@pytest.mark.parametrize("name", [name for name in SHIPPED if not name.startswith(WHOLE)])
def test_nothing_is_shipped_that_nobody_names(name):
    stem = Path(name).stem
    assert re.search(rf"\b{re.escape(stem)}\b", sources()), f"nobody uses {name}"


@pytest.mark.parametrize("name", [name for name in SHIPPED if name.startswith("scenarios/")])
def test_scenarios_are_toml_with_a_title(name):
    assert tomllib.loads(resource_text(name))["title"]


def test_pictures_of_the_readme_are_there():
    for picture in re.findall(r"\]\(resources/([^)]+\.png)\)", (ROOT / "README.md").read_text()):
        assert resource_path(picture).is_file()
