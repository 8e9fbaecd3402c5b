"""After an edition came into force: write it down, then move the open matters of changed ground."""

from collections.abc import Sequence
from dataclasses import asdict

import structlog
from sqlalchemy.exc import OperationalError

from gridtrack.jobs.warmer import warm
from gridtrack.usecases.activate_edition import come_into_force, is_due
from gridtrack.usecases.moves import Found, Move, find_move, finish_move, late_comers, to_move
from gridtrack.usecases.reroute import BATCH, Rerouted, reroute
from gridtrack.work import Runtime

log = structlog.get_logger()


class Mover:
    """Follows the editions of one process: once a second, and nothing is remembered that matters.

    What is left to do is read from the database, so any number of processes may do this, and one
    that is killed is followed by any other.
    """

    def __init__(self, runtime: Runtime) -> None:
        """A mover that has looked at nothing yet."""
        self._runtime = runtime
        self._move: Move | None = None
        self._gone_through: int | None = None  # the edition of which only late-comers are left
        self._settled: set[int] = set()
        self._apart: set[int] = set()  # matters that cannot be moved: logged, and left alone

    def follow(self) -> Rerouted:
        """Do all that is to be done now; returns what was moved."""
        with self._runtime.look() as work:
            due = is_due(work)
        if due:
            with self._runtime.work() as work:
                come_into_force(work)
        known = self._move
        with self._runtime.look() as work:
            self._move = move = find_move(work, known, self._settled)
        if move is None:
            return Rerouted()
        if move is not known:
            self._runtime.memo.forget("editions")
            warm(self._runtime)  # in short turns; what follows finds it ready
        with self._runtime.look() as work:
            late = self._gone_through == move.edition_id
            found = late_comers(work, move) if late else to_move(work, move)
        done = self._reroute([one for one in found if one.row.id not in self._apart], move)
        self._gone_through = move.edition_id
        with self._runtime.work() as work:
            finish_move(work, move)
        if found:
            log.info("matters-moved", edition=move.edition_id, **asdict(done))
        return done

    def _reroute(self, found: Sequence[Found], move: Move) -> Rerouted:
        done = Rerouted()
        for start in range(0, len(found), BATCH):
            batch = found[start : start + BATCH]
            try:
                done.add(self._batch(batch, move))
            except OperationalError:
                raise  # the database is away, or somebody holds one of them: tried again
            except Exception as error:  # noqa: BLE001 - one matter must not hold up the others
                log.warning("move-batch-failed", error=repr(error))
                self._one_by_one(batch, move, done)
        return done

    def _batch(self, batch: Sequence[Found], move: Move) -> Rerouted:
        with self._runtime.work() as work:
            return reroute(work, batch, move.handover)

    def _one_by_one(self, batch: Sequence[Found], move: Move, done: Rerouted) -> None:
        for one in batch:
            try:
                done.add(self._batch([one], move))
            except OperationalError:
                raise
            except Exception as error:  # noqa: BLE001 - it stays where it is, with an alarm
                self._apart.add(one.row.id)
                said = repr(error)
                log.error("matter-not-moved", incident=one.row.id, error=said)  # noqa: TRY400 - kept
