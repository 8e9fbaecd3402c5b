"""A box of longitudes and latitudes: what a map looks at."""

from dataclasses import dataclass

from gridtrack.errors import Invalid


@dataclass(frozen=True, slots=True)
class Box:
    """West, south, east, north in WGS-84 degrees."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def parse(cls, text: str) -> "Box":
        """A box from `west,south,east,north`; raises Invalid."""
        try:
            west, south, east, north = (float(part) for part in text.split(","))
        except ValueError as error:
            raise Invalid("bad-box", field="bbox", value=text) from error
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise Invalid("bad-box", field="bbox", value=text)
        return cls(west, south, east, north)

    def grown(self, share: float) -> "Box":
        """The box with `share` of its width and height more on every side."""
        wide, high = (self.east - self.west) * share, (self.north - self.south) * share
        return Box(self.west - wide, self.south - high, self.east + wide, self.north + high)

    def around(self) -> str:
        """The box as `parse` reads it, to a decimetre."""
        return ",".join(f"{edge:.6f}" for edge in (self.west, self.south, self.east, self.north))
