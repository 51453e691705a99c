"""Everything that is shipped is used, and everything used is shipped."""

import re
import tomllib
from pathlib import Path

import pytest

from ovmfgui.cli.main import COMMANDS
from ovmfgui.resources import resource_folder, resource_path, resource_text

ROOT = Path(__file__).parents[1]
SHIPPED = sorted(
    str(path.relative_to(resource_folder()))
    for path in resource_folder().rglob("*")
    if path.is_file()
)


def sources() -> str:
    texts = [path.read_text("utf-8") for path in (ROOT / "ovmfgui").rglob("*.py")]
    texts += [page.read_text("utf-8") for page in resource_path("help").glob("*.md")]
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


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "SECURITY.md"])
def test_links_and_pictures_lead_to_what_is_there(page):
    targets = re.findall(r"\]\(([^)#]+)\)", (ROOT / page).read_text("utf-8"))
    assert targets
    for target in targets:
        assert target.startswith("https:") or (ROOT / target).exists(), target


def test_the_readme_names_every_command():
    text = (ROOT / "README.md").read_text("utf-8")
    named = set(re.findall(r"`(?:ovmfgui )?(\w+)(?= |`)", text))
    assert {command.name for command in COMMANDS} <= named


def test_the_map_of_the_house_names_every_package_and_module():
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    top = ROOT / "ovmfgui"
    folders = [path.parent.relative_to(top).parts for path in top.rglob("__init__.py")]
    packages = {parts[-1] for parts in folders if 1 <= len(parts) <= 2}
    modules = {path.name for path in top.glob("*.py") if not path.name.startswith("__")}
    named = set(re.findall(r"[\w.]+", text.partition("```")[2].partition("```")[0]))
    assert packages | modules <= named
