"""Whether every address lies in exactly one base grid (住户全覆盖), and the grids' sizes. Pure."""
