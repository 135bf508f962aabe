"""Work on the cameras: a page of a paper, a portrait, the scene photo."""

from collections.abc import Mapping
from dataclasses import dataclass

from hardware.camera.driver import Camera
from hardware.camera.frames import (
    Bgr,
    PhotoProblem,
    PhotoTooLarge,
    guide,
    page_jpeg,
    portrait_jpeg,
    quality,
)
from hardware.fault import DeviceFault
from kiosk.desk import Ask
from kiosk.log import Log
from kiosk.pace import Pace
from kiosk.services import wishes
from kiosk.services.answers import BadPicture, NoPicture, Picture
from kiosk.visit import Event, Failed, Said

COUNTDOWN = ("3", "2", "1")

TRIES_FOR_A_GOOD_ONE = 2
"""After these the picture is taken as it is, and the window judges it."""


@dataclass(frozen=True, slots=True)
class Photographer:
    """The work of the cameras, on the workers of the same names."""

    cameras: Mapping[str, Camera]
    log: Log
    pace: Pace

    def page(self, _ask: Ask) -> Event | None:
        """A page of the applicant's paper, by the document camera."""
        try:
            return Said(Picture(page_jpeg(self._take("document_camera"))))
        except DeviceFault as fault:
            return self._failed("page_camera", fault)

    def portrait(self, ask: Ask) -> Event | None:
        """A portrait: counted down from the camera, or scanned from paper at once."""
        ready = wishes.SOURCE.of(ask.visit.facts) if ask.visit else None
        source = ready.source if ready else "camera"
        if source == "camera" and not _count_down(ask, self.pace.beat_s):
            return None
        try:
            frame = self._take(source)
        except DeviceFault as fault:
            return self._failed("F10" if source == "camera" else "page_camera", fault)
        crop = guide(frame.shape[1], frame.shape[0])
        problem = quality(crop.of(frame))
        if problem and ask.visit and ask.visit.tries < TRIES_FOR_A_GOOD_ONE:
            return Said(BadPicture(problem))
        try:
            return Said(Picture(portrait_jpeg(frame, crop), problem or ""))
        except PhotoTooLarge:
            return Said(BadPicture(PhotoProblem.BLURRED))

    def scene(self, _ask: Ask) -> Event | None:
        """The one scene photo (办理场景影像, 规程 1.1.2(1)); without it the window is told."""
        try:
            return Said(Picture(page_jpeg(self._take("camera"))))
        except DeviceFault as fault:
            self._failed("F10", fault)
            return Said(NoPicture())

    def watch(self, name: str, *, on: bool) -> None:
        """Start or stop a camera; on its worker, since stopping waits for the capture thread."""
        camera = self.cameras[name]
        if on:
            camera.start()
        else:
            camera.stop()

    def _take(self, name: str) -> Bgr:
        camera = self.cameras[name]
        camera.start()
        return camera.take(self.pace.picture_s)

    def _failed(self, code: str, fault: DeviceFault) -> Failed:
        self.log.device_fault(fault)
        return Failed(code, fault.device, fault.detail)


def _count_down(ask: Ask, beat_s: float) -> bool:
    """Three, two, one; False when the person went away meanwhile."""
    for number in COUNTDOWN:
        ask.progress(number)
        if ask.cancel.wait(beat_s):
            return False
    ask.progress("")
    return True
