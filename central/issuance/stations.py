"""Where card stations stand: as `Settings.outlets` says, else where their number begins.

`W301-1` stands in outlet W301; a station of another name has a row of its own in the settings.
"""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.issuance.records import StationSeen
from central.problems import Kind, ProblemError


def outlet_of(outlets: Mapping[str, str], station: str) -> str:
    """The outlet a station stands in."""
    return outlets.get(station) or station.rpartition("-")[0] or station


def stations_at(session: Session, outlets: Mapping[str, str], outlet: str) -> list[StationSeen]:
    """The stations of an outlet that ever asked for work, by number."""
    seen = session.scalars(select(StationSeen).order_by(StationSeen.station))
    return [each for each in seen if outlet_of(outlets, each.station) == outlet]


def require(outlets: Mapping[str, str], station: str, outlet: str) -> None:
    """Raise `STATION_ELSEWHERE` for a station of another outlet."""
    if outlet_of(outlets, station) != outlet:
        raise ProblemError(
            Kind.STATION_ELSEWHERE, reason_zh="这台制卡机不在本网点，请选本网点的制卡机"
        )
