#!/usr/bin/env python3
"""Draws icon.png, the package's picture: a circuit whose breaker has opened. Python alone: src/Runtime/Package/icon.py

Every shape is a signed distance in units of one pixel: negative inside, and its fraction is how much of a pixel it covers.
"""
import math
import pathlib
import struct
import zlib

SIZE = 128
CENTRE = SIZE / 2
RADIUS = 36
GAP = math.radians(32)                             # half of the ring's gap, which is at the top
LEVER = math.radians(38)                           # how far the lever has swung up

INDIGO, VIOLET, WHITE, AMBER = (49, 46, 129), (124, 58, 237), (248, 250, 252), (251, 191, 36)


def on_ring(angle):
    """A point of the circuit; 0 is the top, and angles run clockwise."""
    return CENTRE + RADIUS * math.sin(angle), CENTRE + 6 - RADIUS * math.cos(angle)


def tile(x, y, corner=28):
    dx, dy = abs(x - CENTRE) - CENTRE + corner, abs(y - CENTRE) - CENTRE + corner
    return math.hypot(max(dx, 0), max(dy, 0)) + min(max(dx, dy), 0) - corner


def dot(x, y, at, radius):
    return math.hypot(x - at[0], y - at[1]) - radius


def line(x, y, start, end, width):
    dx, dy = end[0] - start[0], end[1] - start[1]
    along = ((x - start[0]) * dx + (y - start[1]) * dy) / (dx * dx + dy * dy)
    along = min(max(along, 0), 1)
    return dot(x, y, (start[0] + along * dx, start[1] + along * dy), width / 2)


def ring(x, y, width):
    around = math.atan2(x - CENTRE, CENTRE + 6 - y)
    if abs(around) < GAP:
        return min(dot(x, y, on_ring(-GAP), width / 2), dot(x, y, on_ring(GAP), width / 2))
    return abs(math.hypot(x - CENTRE, y - CENTRE - 6) - RADIUS) - width / 2


def over(below, above, distance):
    cover = min(max(0.5 - distance, 0), 1)
    return tuple(b + (a - b) * cover for b, a in zip(below, above))


def pixel(x, y):
    left, right = on_ring(-GAP), on_ring(GAP)
    reach = right[0] - left[0]
    tip = left[0] + reach * math.cos(LEVER), left[1] - reach * math.sin(LEVER)

    down = y / SIZE
    colour = tuple(i + (v - i) * down for i, v in zip(INDIGO, VIOLET))
    colour = over(colour, WHITE, ring(x, y, 8))
    colour = over(colour, AMBER, line(x, y, left, tip, 8))
    for contact, inside in ((left, AMBER), (right, WHITE)):
        colour = over(colour, inside, dot(x, y, contact, 8))
    opacity = min(max(0.5 - tile(x, y), 0), 1)
    return bytes(round(channel) for channel in (*colour, 255 * opacity))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


rows = (b"\0" + b"".join(pixel(x + 0.5, y + 0.5) for x in range(SIZE)) for y in range(SIZE))
pathlib.Path(__file__).with_name("icon.png").write_bytes(
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", SIZE, SIZE, 8, 6, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(b"".join(rows), 9))
    + chunk(b"IEND", b""))
