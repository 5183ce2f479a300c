"""Draws the demo's pots with Pillow: turned bodies, handles and spouts, glazes, a warm sheet of paper and a shadow.

The pictures are drawn once and kept in `components/demo/pictures`; `python -m components.demo.drawing` draws them anew.
"""
