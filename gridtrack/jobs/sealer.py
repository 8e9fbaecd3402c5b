"""Sealing the audit each minute, and telling the log where it stands: kept elsewhere, that proves
that nothing was cut off at the end.
"""

import structlog

from gridtrack.usecases.audit_chain import anchor, seal_audit
from gridtrack.work import Runtime

log = structlog.get_logger()


def seal(runtime: Runtime) -> bool:
    """Seal what is new; False where nothing is."""
    with runtime.work() as work:
        sealed = seal_audit(work)
    if sealed:
        with runtime.look() as work:
            log.info("audit-sealed", anchor=anchor(work))
    return sealed
