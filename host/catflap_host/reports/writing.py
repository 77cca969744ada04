"""A report's three forms into files that their owner alone can read, each whole or not at all."""

import os
import tempfile
from pathlib import Path

from catflap_host.errors import UserError
from catflap_host.language.catalogue import Language
from catflap_host.reports.figures import Report
from catflap_host.reports.forms import as_csv, as_json, as_page


def file_names(every: str, period: str, language: str) -> tuple[str, str, str]:
    """What the page, the table and the JSON of a report are called."""
    base = f"{every}-{period}"
    return f"{base}.{language}.html", f"{base}.{language}.csv", f"{base}.json"


def write(report: Report, language: Language, folder: Path) -> list[Path]:
    """Write page, CSV and JSON in place of an earlier one's, and give their paths. Raises UserError."""
    texts = (as_page(report, language), as_csv(report, language), as_json(report))
    paths = [folder / name for name in file_names(report.every, report.period, language.code)]
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path, text in zip(paths, texts, strict=True):
            _replace(path, text)
    except OSError as error:
        raise UserError(f"cannot write the report to {folder}: {error.strerror}; name a folder of yours") from None
    return paths


def _replace(path: Path, text: str) -> None:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink()
        raise
