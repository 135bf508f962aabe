"""F16: the card is reported lost already (规程 6): said kindly, and a new card is one touch away."""


def reporting(citizen, person, to="confirm"):
    """Someone reports their card lost with the ID card."""
    citizen.wait("home")
    citizen.press("loss_report", "self")
    citizen.wait("applicant")
    citizen.place(person)
    return citizen.to(to)


def test_a_card_that_is_lost_already(citizen, applications):
    view = reporting(citizen, "card_lost", to="refusal")
    assert [view.primary.name, view.secondary.name] == ["onward", "print_referral"]
    citizen.refused("F16")
    assert applications() == []
    citizen.served()


def test_reported_at_the_telephone_meanwhile(citizen, wire, applications, centre):
    """Twice at one time: the second reads that it is lost, and there is one report."""
    reporting(citizen, "has_card", to="done")
    citizen.go_home()
    reporting(citizen, "has_card", to="refusal")
    citizen.refused("F16")
    assert len(applications()) == 1
