"""Code that nobody uses, as vulture sees it: run by ./dev lint; exit status 1 where there is some.

The fields of a structure are left out: each is read, and shown by its name, with the whole.
"""

import ast
import sys
from pathlib import Path

from vulture.config import make_config
from vulture.core import Vulture

Lines = set[tuple[Path, int]]


def structure_fields(paths: list[Path]) -> Lines:
    """File and line of every field of a structure."""
    structures = _structures(paths)
    return {
        (path.resolve(), field.lineno)
        for path in paths
        for each in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(each, ast.ClassDef) and _bases(each) & structures
        for field in each.body
        if isinstance(field, ast.AnnAssign)
    }


def _bases(each: ast.ClassDef) -> set[str]:
    return {base.id for base in each.bases if isinstance(base, ast.Name)}


def _structures(paths: list[Path]) -> set[str]:
    """Names of the classes that are structures, by what they come from."""
    names = {"Structure"}
    bases = {
        each.name: _bases(each)
        for path in paths
        for each in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(each, ast.ClassDef)
    }
    while more := {name for name, of in bases.items() if of & names} - names:
        names |= more
    return names


if __name__ == "__main__":
    config = make_config([])
    files = [path for folder in config["paths"] for path in Path(folder).rglob("*.py")]
    fields = structure_fields(files)
    vulture = Vulture(
        ignore_names=config["ignore_names"], ignore_decorators=config["ignore_decorators"]
    )
    vulture.scavenge(config["paths"], exclude=config["exclude"])
    unused = [
        item
        for item in vulture.get_unused_code(min_confidence=config["min_confidence"])
        if (Path(item.filename).resolve(), item.first_lineno) not in fields
    ]
    for item in unused:
        sys.stdout.write(f"{item.get_report()}\n")
    sys.exit(1 if unused else 0)
