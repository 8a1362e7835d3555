"""What the citizen sees and touches.

In this room view models become one semantic tree a page (:mod:`screens.semantic`), the tree gets
places (:mod:`screens.layout`) and is painted (:mod:`screens.painter`); touches go back as target
ids.  No rule of the journey, no device and no network is known here, and no page knows another.
Only :mod:`screens.app`, :mod:`screens.painter`, :mod:`screens.stage` and :mod:`screens.window`
may import Kivy, so everything else runs and is tested without a screen.
"""
