"""A unit's files in a plain folder, as a source."""

from kiosk.batch.source import Entry, FileFault, NotTaken


class Folder:
    """The files under a folder, in the order of their paths."""

    def __init__(self, root):
        self.root = root
        self.read_files = []

    def entries(self):
        paths = sorted(path for path in self.root.rglob("*") if path.is_file())
        return tuple(Entry(str(p.relative_to(self.root)), p.stat().st_size) for p in paths)

    def read(self, entry):
        self.read_files.append(entry.path)
        try:
            data = (self.root / entry.path).read_bytes()
        except OSError:
            raise NotTaken(FileFault.GONE) from None
        if len(data) != entry.size:
            raise NotTaken(FileFault.CHANGED)
        return data
