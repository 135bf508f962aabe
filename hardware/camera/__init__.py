import os

# OpenCV and its FFmpeg read these once, at import. Their complaints about an absent camera would
# repeat on stderr with every try to reopen it; what matters is said by the driver's own log.
os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
# A V4L2 read blocks for 10 s by default (docs/devices/camera.md).
os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "2")
# Nothing is read ahead when a stream is opened: what was read then would be shown late. Measured:
# without this a stream that is hard to recognise begins 1.7 s behind, and stays behind for a while.
os.environ.setdefault("OPENCV_FFMPEG_CAPTURE_OPTIONS", "fflags;nobuffer|analyzeduration;0")
