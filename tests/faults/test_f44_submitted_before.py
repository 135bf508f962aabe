"""F44: the same people again; nobody is submitted twice, and the voucher is printed again."""


def handed_in(clerk):
    clerk.to_review()
    clerk.signs()
    done = clerk.ends()
    clerk.citizen.press("finish")
    clerk.citizen.take()
    clerk.citizen.wait("home")
    return done.rows[0].value


def test_the_same_list_again_tells_its_number_and_prints_its_voucher(clerk):
    told = handed_in(clerk)
    clerk.begins()
    clerk.citizen.press("stick")
    clerk.plugs()
    view = clerk.citizen.wait("batch_before")
    assert view.rows[0].value == told
    slips = clerk.citizen.bench.slip_count()
    clerk.citizen.press("print_again")
    done = clerk.ends()
    assert done.rows[0].value == told
    assert clerk.citizen.bench.slip_count() == slips + 1
    assert told.partition("　")[0] in clerk.citizen.code()
    assert len(clerk.batches()) == 1


def test_another_list_is_handed_in_beside_it(clerk):
    from deploy.card_lists import people, pictures  # noqa: PLC0415

    handed_in(clerk)
    others = list(people(3, seed=7, minors=0.0))
    clerk.known(others)
    for name, data in pictures(others).items():
        (clerk.folder / name).write_bytes(data)
    clerk.writes(others)
    clerk.to_review()
    clerk.signs()
    clerk.ends()
    assert sorted(len(whose) for whose in clerk.batches().values()) == [3, 6]
