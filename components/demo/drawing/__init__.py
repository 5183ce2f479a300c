"""Draws the demo's product pictures with Pillow: pots with handles and spouts, glazes, background and shadow.

The pictures are stored in `components/demo/pictures`; `python -m components.demo.drawing` redraws them.
"""
