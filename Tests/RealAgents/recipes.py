"""The recipes of docs/agents.md, as they stand there."""
import re
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent.parent / "docs/agents.md"


def recipe(name):
    """Lines for the project's configuration."""
    return block("yaml", f"# recipe: {name}\n")


def script(name):
    """A program that the page shows."""
    return block("sh", f"#!/bin/sh\n# {name}\n")


def block(kind, head):
    found = [text for text in re.findall(rf"^```{kind}\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
             if text.startswith(head)]
    if len(found) != 1:
        raise LookupError(f"{PAGE} has {len(found)} blocks that begin with {head!r}")
    return found[0]


def path(program):
    """A PATH on which the program is found by its name."""
    return f"{Path(program).parent}:/usr/local/bin:/usr/bin:/bin"
