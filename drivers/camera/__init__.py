"""The document camera: what is on the desk, found, straightened, judged and read.

What may be done in this room: open a camera, look at its frames.  A frame lives in the process
that took it and ends with the visit; nothing is written to disk.

============  ==================================================================================
module        job
============  ==================================================================================
page          finds, straightens and judges a sheet or card; pure
outline       four sides by what differs from the desk; pure
sides         four sides by the steps of light across them; pure
quality       how sharp and how blown out a picture is; pure
bound         several pictures as one PDF; pure
card_number   a bank card's number in read text; pure
source        frames of a camera (V4L2), or of a folder of pictures
device        the camera: a thread that takes frames, its health, the newest frame
reading       the reading process: which way up, and what is written (OCR)
reader        the handle of the reading process
============  ==================================================================================
"""

from __future__ import annotations

import os

# OpenCV reads these once: seconds to wait for a frame of a camera (10 otherwise), and the most dots
# of a picture that is decoded (a thousand million otherwise; a garbled frame may say it has them).
os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "2")
os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", str(8192 * 8192))
