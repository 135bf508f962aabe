"""Loading of kv rules: each widget module loads the kv file of its own name."""

from pathlib import Path

from kivy.lang import Builder


def load(module_file: str) -> None:
    """Load the kv rules beside `module_file` (pass `__file__`), once."""
    path = str(Path(module_file).with_suffix(".kv"))
    if path not in Builder.files:
        Builder.load_file(path, rulesonly=True)
