"""One operation in its own world, which is restored for each point: where it starts from, and how it is done.

A point is reproducible: the world, the contents and what the others do depend only on operation, mode and call."""
import os

import oracle
import tracing
from operations import OPERATIONS, TABLE, write
from plans import Plan, Report
from point import Point
from tracing import CHANGES, KILL_BEFORE, Traced
from world import Actor, Line, World, connect, disconnect, load, loaded, private, say


class Campaign:
    """All points of one operation."""

    def __init__(self, name: str, database: str = "", bucket: bool = False):
        self.operation = OPERATIONS[name]
        self.world = World(self.operation.modules, database, bucket)
        maker = Actor({"prepare": self._prepare}, "prepare")
        made = maker.do("prepare")
        assert "ok" in made, made
        load(made["ok"])
        maker.close()
        self.world.keep()
        if self.operation.wound:
            self._wound(*self.operation.wound)
        else:
            found = oracle.examine(self.world)
            assert not found or self.operation.damages, found.texts()
        self.before = {row["uid"]: row for row in oracle.rows_of(self._db())}

    def _wound(self, name: str, part: float) -> None:
        """Kills somebody in the middle of that operation; all points start from what is left."""
        operation, self.operation = self.operation, OPERATIONS[name]
        write(self.world, self.operation.target, "a")
        self.world.keep()
        calls = self.count()
        self.world.restore()
        child, acks = self.start()
        assert child.run(KILL_BEFORE, round(len(calls) * part)).killed
        os.close(acks.fd)
        self.world.keep(closed=False)
        self.operation = operation

    def _db(self) -> str:
        return self.world.database or str(self.world.db)

    def _prepare(self, ln):
        operation, world = self.operation, self.world
        for turn in range(operation.before):
            operation.target.save(ln, write(world, operation.target, f"before{turn}"))
        if operation.prepare:
            operation.prepare(ln, world)
        if operation.sources:
            operation.sources(world, "a")
        if operation.target is not TABLE:
            for tag in ("before0", *(f"{who}{turn}" for who in "bcd" for turn in range(4))):
                write(world, operation.target, tag)
        return loaded()

    def close(self) -> None:
        self.world.close()

    # -- the operation itself ------------------------------------------------------------------------------------------

    def start(self, classes: int = CHANGES) -> tuple[Traced, Line]:
        """The child that will carry it out, ready to be counted, and where its acknowledgements arrive."""
        acks, acked = os.pipe()
        operation, world = self.operation, self.world

        def work(begin):
            os.close(acks)
            out = private(acked)
            if operation.command:
                words = operation.command(world, "a")
                quiet = os.open("/dev/null", os.O_WRONLY)
                os.dup2(quiet, 1), os.dup2(quiet, 2)
                begin()
                os.execv(words[0], words)
            if operation.opens:
                begin()
            try:
                ln = connect()
                if not operation.opens:
                    begin()
                operation.act(ln, world, "a", lambda what, **more: say(out, {"what": what, **more}))
            except Exception as error:
                say(out, {"what": "raised", "error": f"{type(error).__name__}: {error}"})
            disconnect()

        child = Traced(work, classes)
        os.close(acked)
        return child, Line(acks)

    def count(self, classes: int = CHANGES, others: bool = False) -> list[str]:
        """The calls that an undisturbed run makes, in order. They are fewer if others have the instance open."""
        self.world.restore()
        calls: list[str] = []
        other = Actor({}, "other") if others and not self.operation.opens else None
        child, acks = self.start(classes)
        end = child.run(log=calls.append)
        told = acks.all()
        os.close(acks.fd)
        if other:
            other.close()
        assert (end.how, end.value) == (tracing.EXITED, 0) and not any(ack["what"] == "raised" for ack in told), (end, told)
        return [tracing.named(call) for call in calls]

    # -- one point -----------------------------------------------------------------------------------------------------

    def strike(self, at: int, plan: Plan) -> Report:
        """Carries out the plan at that call, and examines the result."""
        self.world.restore()
        if plan.room < 0:
            return Point(self, plan, at).run()
        with self.world.small_disk(plan.room):
            return Point(self, plan, at).run()
