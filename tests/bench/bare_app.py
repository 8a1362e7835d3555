"""The peer: a bare Kivy app with one button and one line of Chinese, in the same window.

Writes one JSON line when its first frame was drawn. The button changes colour while it
is pressed, drawn by Kivy itself.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ |= {"KIVY_NO_ARGS": "1", "KIVY_NO_FILELOG": "1", "KIVY_NO_CONSOLELOG": "1"}
os.environ["KIVY_HOME"] = sys.argv[1]
width, height = int(sys.argv[2]), int(sys.argv[3])
FONT = str(Path(__file__).parents[2] / "build" / "fonts" / "NotoSansSC-Regular.otf")

from kivy.config import Config  # noqa: E402 - the environment comes first

for section, values in {
    "graphics": {
        "width": width,
        "height": height,
        "borderless": 1,
        "position": "custom",
        "left": 0,
        "top": 0,
        "multisamples": 0,
        "vsync": 0,
        "maxfps": 60,
    },
    "kivy": {"default_font": repr(["CN", FONT, FONT, FONT, FONT])},
    "input": {"mouse": "mouse,disable_multitouch"},
}.items():
    for key, value in values.items():
        Config.set(section, key, str(value))
for device in ("mtdev_%(name)s", "hid_%(name)s", "%(name)s"):
    Config.remove_option("input", device)

from kivy.app import App  # noqa: E402
from kivy.core.window import Window  # noqa: E402
from kivy.uix.button import Button  # noqa: E402


class Hello(App):
    """One button over the whole window."""

    def build(self) -> Button:
        """Return the button; say so when the first frame was drawn."""
        Window.bind(on_flip=self._drawn)
        return Button(text="摸一下屏幕，开始", font_size=48)

    def _drawn(self, *_: object) -> None:
        Window.unbind(on_flip=self._drawn)
        print('{"op": "ready"}', flush=True)


Hello().run()
