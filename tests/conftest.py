"""In which order the files are given to the processes of a run (`make test`)."""

LONG = {"journey", "slow"}


def pytest_collection_modifyitems(items):
    """Files with a long test first: at the end no process runs one alone for minutes."""
    long = {item.path for item in items if LONG & {mark.name for mark in item.iter_markers()}}
    items.sort(key=lambda item: item.path not in long)
