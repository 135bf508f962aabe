"""A unit's clerk before the kiosk, with a stick of people whom the centre knows."""

from sqlalchemy import select

from central.batches.records import Batch, BatchMember
from central.people.records import Person
from deploy.card_lists import HEAD, csv_of, people, pictures

CLERK = "agent"
"""Of config/people.toml: the clerk of the one unit there is."""

NUMBER, PHONE = HEAD.index("证件号码"), HEAD.index("手机")
LIST = "list.csv"


class Clerk:
    """`citizen` is who stands there; `rows` are the list's people, `folder` the stick."""

    def __init__(self, citizen, centre, folder, count=6):
        self.citizen, self.centre, self.folder = citizen, centre, folder
        self.rows = list(people(count, minors=0.0))
        folder.mkdir()
        self.known(self.rows)
        for name, data in pictures(self.rows).items():
            (folder / name).write_bytes(data)
        self.writes(self.rows)

    def known(self, rows):
        with self.centre.database.write() as session:
            for row in rows:
                session.merge(
                    Person(
                        id_number=row[NUMBER], name=row[1], insured=True, phone=None, address=None
                    )
                )

    def writes(self, rows):
        (self.folder / LIST).write_bytes(csv_of([HEAD, *rows]))

    def mistakes(self):
        """The list with two mistakes: a number's last place, and a telephone."""
        wrong = [list(row) for row in self.rows]
        last = wrong[1][NUMBER][-1]
        wrong[1][NUMBER] = wrong[1][NUMBER][:-1] + ("1" if last != "1" else "2")
        wrong[4][PHONE] = "138"
        return wrong

    def plugs(self):
        self.citizen.bench.do("media", "insert", folder=str(self.folder))

    def pulls(self):
        self.citizen.bench.do("media", "pull")

    def begins(self, person=CLERK, to="list_source"):
        """From home to the question where the list is."""
        citizen = self.citizen
        citizen.choose("new_batch")
        citizen.press("primary")
        citizen.wait("applicant")
        citizen.place(person)
        citizen.wait("person_check")
        citizen.press("primary")
        return citizen.wait(to)

    def to_review(self):
        """Up to the page before the signature, with a list that is right."""
        self.begins()
        self.citizen.press("stick")
        self.plugs()
        return self.citizen.wait("batch_review")

    def signs(self):
        self.citizen.press("primary")
        self.citizen.wait("signature")
        self.citizen.sign()

    def ends(self):
        """Take everything back; the result."""
        self.citizen.wait("give_stick")
        self.pulls()
        return self.citizen.wait("done")

    def batches(self):
        """The kiosk's batches at the centre: number, and whose numbers."""
        with self.centre.database.read() as session:
            ours = select(Batch.batch_no).where(Batch.taken_by == "0017")
            found = {number: set() for number in session.scalars(ours)}
            for member in session.scalars(select(BatchMember)):
                if member.batch_no in found:
                    found[member.batch_no].add(member.id_number)
            return found
