"""What triggers keep beside the tables says what the tables say, whatever is done to them."""

from __future__ import annotations

import random
import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from storage.backup import check
from storage.records import Dating
from storage.store import Store
from tests.making import NOON, article, flag, keep

RULES = ("a", "b", "c")
FLAGGED = """
    SELECT f.rule, a.dated_at, a.id, max(f.level) FROM flags AS f JOIN revisions AS r ON r.id = f.revision_id
    JOIN articles AS a ON a.id = r.article_id AND a.revision = r.number GROUP BY f.rule, a.id
"""
STANDING = """
    SELECT article_id, max(id) AS verdict_id FROM verdicts AS v WHERE decision <> 'undo'
    AND NOT EXISTS (SELECT 1 FROM verdicts AS u WHERE u.undoes = v.id) GROUP BY article_id
"""
CHANGED = f"""
    SELECT a.id FROM articles AS a JOIN ({STANDING}) AS n ON n.article_id = a.id JOIN verdicts AS v
    ON v.id = n.verdict_id WHERE a.material_at > v.at AND (a.flagged = 1 OR v.decision <> 'drop')
"""
DATED = f"SELECT a.id, a.dated_at FROM articles AS a JOIN ({STANDING}) AS n ON n.article_id = a.id"


def test_rules_and_verdicts_are_kept_in_step_with_articles_flags_and_undos(store: Store, path: Path) -> None:
    chance = random.Random(3)
    keep(store, [article(number) for number in range(6)])
    for _ in range(200):
        number = chance.randrange(6)
        flags = [
            replace(flag(chance.choice(RULES)), level=chance.choice(("primary", "mention")), weight=float(n))
            for n in range(chance.randrange(3))
        ]
        match chance.randrange(5):
            case 0:
                told = article(number, body=chance.choice(("Mưa to.", "Nắng gắt.", "Gió lặng.")) * 9)
                at = NOON - timedelta(hours=chance.randrange(9))
                keep(store, [replace(told, published=Dating(at, "minute", "meta"))], flags)
            case 1:
                at = NOON - timedelta(minutes=chance.randrange(9))
                keep(store, [replace(article(number), published=Dating(at, "minute", "meta"))], flags)
            case 2:
                store.flags.replace(number + 1, flags, NOON)
            case 3:
                store.verdicts.decide(number + 1, chance.choice(("keep", "drop")), None, NOON)
            case _:
                store.verdicts.undo(NOON, chance.choice((None, number + 1)))
    assert _rows(path, "SELECT * FROM flagged_by") == _rows(path, FLAGGED)
    assert _rows(path, "SELECT article_id, verdict_id FROM stands") == _rows(path, STANDING)
    assert _rows(path, "SELECT article_id FROM stands WHERE changed = 1") == _rows(path, CHANGED)
    assert _rows(path, "SELECT article_id, dated_at FROM stands") == _rows(path, DATED)
    assert len(_rows(path, FLAGGED)) > 3
    assert len(_rows(path, STANDING)) > 1
    assert check(path) == ()


def test_a_check_tells_what_went_astray(store: Store, path: Path) -> None:
    keep(store, [article(1), article(2)], [flag()])
    store.verdicts.decide(1, "keep", None, NOON)
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE stands SET decision = 'drop'")
        raw.execute("DELETE FROM flagged_by WHERE article_id = 2")
    assert check(path) == (
        "1 articles in the order of the rules that flag them that differ from what is stored of them",
        "1 verdicts that stand that differ from what is stored of them",
    )


def _rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(path) as db:
        return sorted(db.execute(sql))
