"""Every command that the README and the pages of help write down is one that the parsers take."""

import re
import shlex
from pathlib import Path

import pytest

from ovmfgui.cli import vars as vars_command
from ovmfgui.cli import vars_boot
from ovmfgui.cli.main import COMMANDS
from ovmfgui.cli.parsing import parser_for
from ovmfgui.help import help_pages

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
PAGES = {"README": README} | {page.name: page.text for page in help_pages()}
NAMES = "|".join(command.name for command in COMMANDS)
BELOW = {"vars": vars_command.SUBCOMMANDS, "boot": vars_boot.SUBCOMMANDS}


def written(text: str) -> list[str]:
    """Commands in backticks, in a table's cells and in blocks, with all that stands behind them."""
    blocks = re.findall(r"```\w*\n(.*?)```", text, re.DOTALL)
    lines = [line for block in blocks for line in re.sub(r"\n {6,}", " ", block).splitlines()]
    rest = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    spans = re.findall(r"`([^`\n]+)`", rest)
    found = [re.search(r"(?:^|[|$-] )ovmfgui (.*)", line) for line in lines]
    found += [re.fullmatch(rf"(?:(?:.*\| )?ovmfgui |(?=(?:{NAMES}) ))(.*)", span) for span in spans]
    return [each[1] for each in found if each]


def parses(words: list[str], commands=COMMANDS) -> None:
    """Refused where a parser does not take the words; a name alone is a mention."""
    command = next(each for each in commands if each.name == words[0])
    if not words[1:]:
        return
    if command.name in BELOW:
        parses(words[1:], BELOW[command.name])
        return
    parser = parser_for(command, command.name)
    command.load().configure(parser)
    parser.parse_args(words[1:])


MEANT = {"VERB": "list", "N": "1", "P": "microsoft-2023"}
"""One of what a word in capitals stands for, where not everything will do."""


WRITTEN = sorted({(page, command) for page, text in PAGES.items() for command in written(text)})


@pytest.mark.parametrize(("page", "line"), WRITTEN)
def test_a_command_that_is_written_down_is_taken(page, line):
    del page  # for the test's name
    # What may be left out is there, and "…" says that more may follow.
    words = shlex.split(re.sub(r"[\[\]]|…(?=[\] ]|$)", " ", line))
    if words[0] in ("FILE", "COMMAND"):
        return  # the window's own, and every command's
    parses([MEANT.get(word, word) for word in words])


def test_enough_is_found_to_hold_them_all():
    assert {line.split()[0] for _page, line in WRITTEN} >= {command.name for command in COMMANDS}
