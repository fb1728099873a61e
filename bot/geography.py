"""In which country a shared location lies, as far as a rounded one tells. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import cos, hypot, radians

KM_PER_DEGREE = 111.0
FARTHEST = 600.0  # km from every town we know: somewhere else
BORDER = 40.0  # km: if a town of another country is hardly farther, it is asked

Towns = Mapping[str, Sequence[Sequence[float]]]


def countries_at(lat: float, lon: float, towns: Towns) -> list[str]:
    """Return the country of a place; more than one near a border; none far from all of them.

    >>> towns = {"MX": [[14.90, -92.26], [14.68, -92.15]], "GT": [[14.68, -92.14], [14.63, -90.51]]}
    >>> countries_at(14.63, -90.5, towns), countries_at(14.68, -92.14, towns)
    (['GT'], ['GT', 'MX'])
    >>> countries_at(48.85, 2.35, towns)
    []
    """
    nearest = sorted(
        (min(_km(lat, lon, *town) for town in listed), code) for code, listed in towns.items()
    )
    if not nearest or nearest[0][0] > FARTHEST:
        return []
    closest = nearest[0][0]
    # Deep inside a country the next border may be as far as the next town we know.
    margin = BORDER if closest > BORDER / 2 else BORDER / 2
    return [code for km, code in nearest if km - closest <= margin][:3]


def _km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    width = cos(radians((lat + other_lat) / 2))
    return KM_PER_DEGREE * hypot(lat - other_lat, (lon - other_lon) * width)
