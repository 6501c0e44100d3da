"""The marked messages of the source, and the catalogues beside them.

`./dev sh python -m tests.catalogues` writes the template and adds new messages, untranslated,
to every catalogue. A message that is no longer used goes; a translation is never guessed.
"""

import ast
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from bot.core.texts import PLACEHOLDER
from bot.texts import DOMAIN, FOLDER

ROOT = FOLDER.parent
TEMPLATE = FOLDER / f"{DOMAIN}.pot"
METHODS = [("**.py", "python"), ("pages/templates/**", "jinja2"), ("**.html", "jinja2")]
UNWANTED = tuple(
    f'"{name}'.encode()
    for name in ("POT-", "PO-", "Report-", "Last-", "Language-Team", "Generated-", "Project-")
)
KEYWORDS = {"N_": None, "t": None, "tn": (1, 2), "_": None, "ngettext": (1, 2)}


def collected(root: Path = ROOT) -> Catalog:
    """Every message that is marked in the source and has words of its own."""
    catalogue = Catalog(header_comment="# The messages of Muster.", fuzzy=False)
    found = extract_from_dir(root, METHODS, keywords=KEYWORDS, comment_tags=("L10N:",))
    for _, _, message, comments, context in sorted(found, key=lambda one: str(one[2])):
        if _worded(message):
            catalogue.add(message, auto_comments=comments, context=context)
    return catalogue


def _worded(message: str | tuple[str, ...]) -> bool:
    """Whether there is anything to translate beside placeholders and signs."""
    first = message if isinstance(message, str) else message[0]
    return any(sign.isalpha() for sign in PLACEHOLDER.sub("", first))


def catalogue_of(language: str) -> Catalog:
    """The catalogue of a language as it stands in the file."""
    with (FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def untranslated(catalogue: Catalog) -> list[str]:
    """The keys of the messages without a translation, or with one that lacks a plural form."""
    return [str(one.id) for one in catalogue if one.id and not _whole(one.string)]


def _whole(said: object) -> bool:
    return all(said) if isinstance(said, (list, tuple)) else bool(said)


def update() -> None:
    """Write the template, bring every catalogue up to date, and say what is left to translate."""
    template = collected()
    _write(TEMPLATE, template)
    for path in sorted(FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        catalogue = catalogue_of(path.parent.parent.name)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        catalogue.header_comment = template.header_comment
        _write(path, catalogue)
        for key in untranslated(catalogue):
            print(f"{path.relative_to(ROOT.parent)}: {key}")


def written(catalogue: Catalog) -> bytes:
    """A catalogue as a file without line numbers and dates, so that it changes with words only."""
    buffer = BytesIO()
    write_po(buffer, catalogue, no_location=True, omit_header=False, sort_output=True, width=98)
    lines = buffer.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(UNWANTED))


def _write(path: Path, catalogue: Catalog) -> None:
    path.write_bytes(written(catalogue))


def calls(source: str) -> Iterator[tuple[int, str, ast.Call, bool]]:
    """Every call of `t`, `tn` and `N_`: line, name, node, and whether it makes a constant."""
    tree = ast.parse(source)
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    functions = [one for one in ast.walk(tree) if isinstance(one, kinds)]
    inside = {id(node) for one in functions for node in ast.walk(one)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id in ("t", "tn", "N_"):
            yield node.lineno, node.func.id, node, id(node) not in inside


if __name__ == "__main__":
    update()
