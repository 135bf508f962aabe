"""Sites: where they are, by longitude and latitude in degrees, and how their kiosks are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from sqlalchemy import REAL, case, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.database import Base
from central.fleet.listing import silent
from central.fleet.records import RETIRED, FleetKiosk, Report

Worst = Literal["silent", "faulty", "well", "empty"]


class Site(Base):
    """A site by its name, as kiosks are placed at it."""

    __tablename__ = "fleet_site"

    name: Mapped[str] = mapped_column(primary_key=True)
    longitude: Mapped[float] = mapped_column(REAL)
    latitude: Mapped[float] = mapped_column(REAL)


@dataclass(frozen=True, slots=True)
class Seen:
    """A site and its kiosks: how many, and in which states; its place, where that is known."""

    name: str
    kiosks: int
    silent: int
    faulty: int
    place: tuple[float, float] | None

    @property
    def worst(self) -> Worst:
        """The state of its worst kiosk."""
        if not self.kiosks:
            return "empty"
        return "silent" if self.silent else "faulty" if self.faulty else "well"


def place(session: Session, name: str, longitude: float, latitude: float) -> Site:
    """Say where a site is; right within the writer's turn."""
    found = session.get(Site, name) or Site(name=name)
    found.longitude, found.latitude = longitude, latitude
    session.add(found)
    return found


def seen(session: Session, now: datetime) -> list[Seen]:
    """Every site that has kiosks in use or a place, by name; kiosks without a site are at ""."""
    states = (silent(now), Report.faulty.is_(True))
    sums = [func.sum(case((state, 1), else_=0)) for state in states]
    asked = select(FleetKiosk.site, func.count(FleetKiosk.id), *sums).group_by(FleetKiosk.site)
    asked = asked.where(FleetKiosk.group != RETIRED)
    counted = session.execute(asked.outerjoin(Report, Report.kiosk == FleetKiosk.id))
    rows = cast("list[tuple[str, int, int, int]]", counted)
    places = {row.name: (row.longitude, row.latitude) for row in session.scalars(select(Site))}
    found = {row[0]: Seen(*row, place=places.get(row[0])) for row in rows}
    for name in places.keys() - found.keys():
        found[name] = Seen(name, 0, 0, 0, places[name])
    return [found[name] for name in sorted(found)]
