"""Pages, their pictures, and real windows under a virtual screen."""
