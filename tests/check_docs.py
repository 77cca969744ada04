"""`python -m tests.check_docs`: what the documents promise is there, and what is there is documented; exit status 1 with a line a fault."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from catflap_host.cli import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
NOT_OURS = ("build", "requirements")
"""Top-level folders without a text of their own: made by make, or explained in the Makefile. So are the hidden ones."""
MAX_LINES = 450
KEY_READERS = {"_text": 1, "_object": 1, "_list": 1, "get": 0}
"""Functions that read a key, and the place of the key among their arguments."""
KEY_FILES = ("config.py", "policy.py", "trunk.py")


def main() -> int:
    """Prints every fault; returns 1 if there is one."""
    faults = [*commands(), *targets(), *links(), *keys(), *folders(), *modules()]
    for fault in faults:
        print(fault)
    return 1 if faults else 0


def commands() -> Iterator[str]:
    """Commands that README.md does not name."""
    text = _text("README.md")
    for name in COMMANDS:
        if f"catflap {name}" not in text:
            yield f"README.md: does not name the command `catflap {name}`"


def targets() -> Iterator[str]:
    """Targets of the Makefile that neither README.md nor tests/README.md names."""
    text = _text("README.md") + _text("tests/README.md")
    for target in re.findall(r"^([a-z-]+):.*##", _text("Makefile"), re.MULTILINE):
        if not re.search(rf"make {target}(?![\w-])", text):
            yield f"Makefile: neither README.md nor tests/README.md names `make {target}`"


def links() -> Iterator[str]:
    """Relative links of the documents that lead nowhere."""
    for path in _files("*.md"):
        for link in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
            place = link.partition("#")[0]
            if place and "://" not in place and not place.startswith("mailto:") and not (path.parent / place).exists():
                yield f"{_name(path)}: the link {link} leads nowhere"


def keys() -> Iterator[str]:
    """Keys of configuration and policy that the probe reads and PROTOCOL.md does not name."""
    text = _text("firmware/PROTOCOL.md")
    for name in KEY_FILES:
        path = f"firmware/catflap_probe/{name}"
        for key in sorted(keys_read(_text(path))):
            if f'"{key}"' not in text and f"`{key}`" not in text:
                yield f"{path}: reads the key {key}, which firmware/PROTOCOL.md does not name"


def keys_read(source: str) -> set[str]:
    """The string constants that a module's source passes as keys to KEY_READERS."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        place = KEY_READERS.get(function)
        if place is None or len(node.args) <= place:
            continue
        key = node.args[place]
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            found.add(key.value)
    return found


def folders() -> Iterator[str]:
    """Top-level folders without a README.md."""
    for path in sorted(ROOT.iterdir()):
        if path.is_dir() and not path.name.startswith(".") and path.name not in NOT_OURS and not (path / "README.md").exists():
            yield f"{path.name}/: has no README.md"


def modules() -> Iterator[str]:
    """Python modules that do not say what they are for, or are too long."""
    for path in _files("*.py"):
        source = path.read_text(encoding="utf-8")
        if ast.get_docstring(ast.parse(source)) is None and (source.strip() or path.name != "__init__.py"):
            yield f"{_name(path)}: does not begin with a docstring"
        if (length := len(source.splitlines())) > MAX_LINES:
            yield f"{_name(path)}: {length} lines, at most {MAX_LINES} are wanted"


def _files(pattern: str) -> Iterator[Path]:
    for path in sorted(ROOT.rglob(pattern)):
        parts = path.relative_to(ROOT).parts
        if parts[0] not in NOT_OURS and not any(part.startswith(".") for part in parts):
            yield path


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _text(name: str) -> str:
    path = ROOT / name
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
