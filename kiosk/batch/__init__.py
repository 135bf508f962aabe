"""A unit's list, from its files to the centre (规程 1.2; services.md 2.2 B3 to B8).

    files = StickSource(slot, stick, cancel)          # source.Source
    found = lists_of(files.entries())                 # which of them may be the list
    checked = look_at(files, found[0], terms, ...)    # preflight: a CardList, or NotTaken
    checked.page(), checked.corrected(...)            # what is wrong, mended row by row
    handover = Handover(centre, journal, checked, files, order)
    handover.check(...), handover.submit(...)         # what the centre says; handed in, resumably

All of it blocks: for a worker's thread, one at a time.
"""
