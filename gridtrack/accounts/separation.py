"""Which roles one person may hold together. Pure.

等级保护 asks for three administrators apart: who runs the machine, who gives rights, who reads what
both did. None may do another's work, so no two of them are one person; and who reads the record
takes no part in what it records.
"""

from collections.abc import Iterable

from gridtrack.access import Role

ADMINISTRATORS = frozenset({Role.SYSTEM, Role.SECURITY, Role.AUDIT})
# Who sees or decides most: they prove themselves twice (`GRIDTRACK_SECOND_FACTOR`).
STAFF = ADMINISTRATORS | {Role.SECRETARY}


def against(held: Iterable[Role], given: Role) -> Role | None:
    """The role already held that stands against `given`; None where they go together."""
    others = [role for role in held if role is not given]
    for role in others:
        if {role, given} <= ADMINISTRATORS or Role.AUDIT in (role, given):
            return role
    return None
