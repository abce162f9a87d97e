"""What happens at one point, and whether all is well afterwards: who was told what, what the program says and what is on the
disk."""
import os
import subprocess
from collections import Counter

import oracle
import tracing
from operations import MANY, OTHERS, TABLE, TARGETS
from plans import GC, Plan, Report
from world import CLEAN, Actor, Silent, hash_of

UNSURE = "may or may not be there"  # part of an error after which nobody can know whether a commit was done
# Acceptable errors about a version that another process replaces or deletes at that very moment.
RACED = ("DoesNotExist", "NotFound", "outdated", "superseded", "deleted", "already in the trash")
# Errors that are not meant for people.
INTERNAL = ("RuntimeError", "SystemError", "AttributeError", "TypeError", "MemoryError", "UnicodeDecodeError")


class Point:
    """What happens at one call, and what is known of it: who was told what."""

    def __init__(self, campaign, plan: Plan, at: int):
        self.campaign, self.world, self.operation = campaign, campaign.world, campaign.operation
        self.plan, self.at = plan, at
        self.report = Report()
        self.saved: dict[str, tuple] = {}  # uid -> (tag, key) of acknowledged saves
        self.gone: set[str] = set()  # uids that were permanently deleted, or may have been
        self.last_saved = ""
        self.turns = Counter()
        self.others: dict[str, Actor] = {}
        self.seen = set(campaign.before)
        self.before_it: set[str] | None = None  # the rows at the moment when something else happened
        self.raised = ""  # what the operation said that it could not do

    def run(self) -> Report:
        plan = self.plan
        does = {name: lambda ln, tag, verb=verb: verb(ln, self.world, self.operation.target, tag) for name, verb in OTHERS.items()}
        if not self.operation.opens:
            self._meet(does)
        child, acks = self.campaign.start(plan.classes)
        end = child.run(plan.action, self.at, plan.error, seconds=30)
        struck = end.struck
        if self.operation.opens:  # whoever opens does the same
            self._meet(does)
        if end.how == tracing.HELD:
            asked = self._while_held()
            if plan.meanwhile:
                self.before_it = {row["uid"] for row in self._rows().values()}
                plan.meanwhile()
            child.release(kill=not plan.resumes)
            end = child.run()
            self._answers(asked)
        if plan.room >= 0:
            self.world.grow_disk()
        self.report.counts.update(points=1, struck=int(struck))
        self._acknowledged(acks.all(), end)
        os.close(acks.fd)
        for step in plan.after:
            self._answers(self._ask(step))
        self._look(does)
        return self.report

    def _meet(self, does) -> None:
        self.others = {name: Actor(does, name) for name in self.plan.others}

    # -- what the others do --------------------------------------------------------------------------------------------

    def _ask(self, step: str) -> list:
        asked = []
        for part in step.split("+"):
            if part == GC:
                asked.append(("", GC, self._start_gc()))
                continue
            who, verb = part.split(".")
            tag = f"{who}{self.turns[who]}"
            self.turns[who] += verb == "save"
            self.others[who].ask(verb, tag=tag)
            asked.append((who, verb, tag))
        return asked

    def _while_held(self) -> list:
        """Returns what could not be answered yet because it waits for the held process."""
        for step in self.plan.during:
            asked = self._ask(step)
            for i, (who, verb, tag) in enumerate(asked):
                try:
                    if verb == GC:
                        self._gc(tag, 1)
                    else:
                        self._note(who, verb, tag, self.others[who].poll(0.25))
                except (Silent, subprocess.TimeoutExpired):
                    return asked[i:]
        return []

    def _answers(self, asked: list) -> None:
        for who, verb, tag in asked:
            if verb == GC:
                self._gc(tag)
            else:
                self._note(who, verb, tag, self.others[who].answer())

    def _note(self, who: str, verb: str, tag: str, answer: dict) -> None:
        self.report.counts[verb] += 1
        if "error" in answer:
            if not (verb in ("load", "delete", "trash") and self._excused(verb, answer["error"])):
                self.report.add("refused", f"{who}.{verb}: {answer['error']}")
            if verb == "delete":
                self.gone |= self.seen
            return
        result = answer["ok"]
        if verb == "save":
            self._is_saved(result, tag, self.operation.target.key)
        elif verb == "delete" and result:
            self._is_deleted(result)
        elif verb == "trash" and result == self.last_saved:
            self.last_saved = ""
        elif verb == "load" and result and result[2]:
            self.report.add("wrong", f"{who}.load: {result[2]}")

    def _excused(self, verb: str, error: str) -> bool:
        """A version may be refused if another process replaces or deletes it at that very moment."""
        if verb == "delete" and error.startswith("ProtectedError"):  # it belongs to a collection
            return True
        if verb == "load" and self.operation.damages:
            return True
        half_replaced = verb == "change" and "is not what was saved; it stays there" in error  # the row comes after the bytes
        return bool(self.plan.during) and (half_replaced or any(word in error for word in RACED))

    def _is_saved(self, uid: str, tag: str, key: str) -> None:
        if uid in self.seen and self.saved.get(uid, (tag,))[0] != tag and not (uid in self.campaign.before and tag == "before0"):
            self.report.add("rows", f"the uid {uid} was given twice: to {self.saved.get(uid)} and to {tag}")
        self.seen.add(uid)
        self.saved[uid] = (tag, key)
        self.last_saved = uid

    def _is_deleted(self, uid: str) -> None:
        self.gone.add(uid)
        if self.operation.target.folder:  # older versions of a folder go with it
            self.gone |= {other for other in self.seen if other[:16] == uid[:16]}
        if uid == self.last_saved:
            self.last_saved = ""

    # -- what holds afterwards -----------------------------------------------------------------------------------------

    def _acknowledged(self, acks: list, end) -> None:
        if end.how == tracing.TIMEOUT:
            self.report.add("refused", "the operation hangs")
        operation = self.operation
        if end.how == tracing.SIGNALLED and not end.killed or self.plan.fails and end.killed:
            self.report.add("died", f"by signal {end.value}")
        if operation.command and end.how == tracing.EXITED:
            done = {"what": "saved", "uid": "", "tag": "a", "key": operation.target.key}
            acks = [*acks, done if end.value == 0 else {"what": "raised", "error": f"the program ends with {end.value}"}]
        for ack in acks:
            self.report.counts["acks"] += ack["what"] != "raised"
            if ack["what"] in ("saved", "curated") and ack["uid"]:
                self._is_saved(ack["uid"], ack["tag"], ack["key"])
            elif ack["what"] == "saved":
                self.saved[""] = (ack["tag"], ack["key"])
            elif ack["what"] == "deleted":
                self._is_deleted(ack["uid"])
            elif ack["what"] == "raised" and self.plan.fails:
                self.raised = ack["error"]
                self.report.counts["raised"] += 1
            elif ack["what"] == "raised" and not (operation.changes and self._excused("change", ack["error"])):
                self.report.add("refused", f"the operation: {ack['error']}")
        if operation.deletes and not any(ack["what"] == "deleted" for ack in acks):
            self.gone |= set(self.campaign.before)

    def _look(self, does) -> None:
        """Through the program, after its clean-up, and once more after saving again."""
        rows = self._rows()
        self._expect_saved(rows)
        if self.raised:
            self._expect_nothing_done(rows)
        fresh = Actor(does, "d") if self.plan.saves_first and not self.others else None
        if reader := fresh or self.others.get("b"):
            self._expect_readable(rows, reader.do("read", tag=""))
        for actor in self.others.values():
            actor.close()
        if self.plan.saves_first:
            self._save_again(fresh or Actor(does, "d"))
        self._gc(self._start_gc())
        self._examine("after gc")
        if not self.plan.saves_first:
            fresh = Actor(does, "d")
            self._expect_readable(rows, fresh.do("read", tag=""))
            self._save_again(fresh)
            self._examine("after saving again")

    def _start_gc(self) -> subprocess.Popen:
        return subprocess.Popen(CLEAN, env={**os.environ, **self.plan.env}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def _gc(self, program: subprocess.Popen, seconds: float = 60) -> None:
        """Waits for its end; raises TimeoutExpired."""
        said, _ = program.communicate(timeout=seconds)
        if program.returncode != 0:
            self.report.add("refused", f"lamin gc: {said}")

    def _save_again(self, actor: Actor) -> None:
        self._note("d", "save", "d0", actor.do("save", tag="d0"))
        actor.close()
        self._expect_saved(self._rows())

    def _rows(self) -> dict[str, dict]:
        return {row["uid"]: row for row in oracle.rows_of(self.campaign._db())}

    def _examine(self, when: str) -> None:
        found = oracle.examine(self.world, tuple(self.gone))
        if self.operation.damages:  # what was damaged beforehand stays so until somebody is told that it is saved
            unsaved = set(self.campaign.before) - set(self.saved)
            found.missing = [text for text in found.missing if text.split()[0] not in unsaved]
        for kind in ("missing", "wrong", "leftovers", "rows"):
            for text in getattr(found, kind):
                self.report.add(kind, f"{text} ({when})")

    def _expect_saved(self, rows: dict) -> None:
        """Each acknowledged save has its row, with the hash of what was saved."""
        for uid, (tag, key) in self.saved.items():
            content = None if key == TABLE.key else hash_of(self._target(key).content(tag))
            if uid == "":
                if not any(row["key"] == key and row["hash"] == content for row in rows.values()) and not self.gone:
                    self.report.add("lost", f"what was saved as {key} by {tag}")
            elif uid not in rows:
                if uid not in self.gone:
                    self.report.add("lost", f"{uid} ({key}, saved by {tag})")
            elif content is not None and rows[uid]["hash"] != content:
                self.report.add("lost", f"{uid} ({key}) is another's: {tag} saved {content}, the row has {rows[uid]['hash']}")
        before = set(self.campaign.before) - self.gone
        for uid in before - set(rows):
            self.report.add("lost", f"{uid}, which existed before")
        last = rows.get(self.last_saved)
        if last is not None and not last["is_latest"] and last["branch_id"] != -1 and not self.plan.during and len(self.plan.others) < 2:
            self.report.add("rows", f"{self.last_saved} was saved last and is not the latest version")

    def _expect_nothing_done(self, rows: dict) -> None:
        """It raised, so it has neither saved nor deleted; and the error that it raised is one meant for people."""
        if self.raised.split(":")[0] in INTERNAL:
            self.report.add("unclear", self.raised)
        # A clean-up saves nothing: what is committed was the killed writer's, who may have got that far.
        cleans = bool(self.campaign.operation.wound)
        ours = set() if cleans else {hash_of(target.content("a")) for target in MANY + tuple(TARGETS.values())}
        late = [uid for uid, row in rows.items() if row["hash"] in ours and uid not in self.saved]
        gone = set(self.campaign.before) - set(rows)
        if UNSURE in self.raised and self.before_it is not None:
            # The connection broke before the answer to a commit: nobody can know. Once it is visible, there is no doubt.
            self.report.counts["unsure"] += 1
            self.gone |= gone & self.before_it
            late = [uid for uid in late if uid in self.before_it]
            gone -= self.before_it
        for uid in late:
            self.report.add("late", f"{uid} ({rows[uid]['key']}) was saved, though it raised {self.raised}")
        for uid in gone:
            self.report.add("late", f"{uid} was deleted, though it raised {self.raised}")

    def _target(self, key: str):
        return next(target for target in (*TARGETS.values(), *MANY) if target.key == key)

    def _expect_readable(self, rows: dict, answer: dict) -> None:
        if "ok" not in answer:
            self.report.add("refused", f"reading: {answer['error']}")
            return
        holders = {row["uid"] for here in oracle.by_place(list(rows.values()), self.world.storage).values() for row in oracle.holders(here)}
        for uid, told in answer["ok"].items():
            if told is None:
                continue
            if told.startswith("WRONG"):
                self.report.add("wrong" if uid in holders else "stale", f"read: {told}")
            elif uid in holders and uid in rows and not self.operation.damages and not any(other[:16] == uid[:16] for other in self.gone):
                self.report.add("missing", f"read: {uid} ({rows[uid]['key']}): {told}")
