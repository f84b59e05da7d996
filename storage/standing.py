"""Whether what triggers keep beside the tables still says what the tables say; see m023."""

from __future__ import annotations

from storage.connection import Connection

FLAGGED_BY = (
    "SELECT f.rule, a.dated_at, a.id, max(f.level) FROM flags AS f"
    " CROSS JOIN revisions AS r ON r.id = f.revision_id"
    " CROSS JOIN articles AS a ON a.id = r.article_id AND a.revision = r.number GROUP BY f.rule, a.id"
)
STANDS = (
    "SELECT v.article_id, max(v.id), v.decision, v.at,"
    " coalesce(a.material_at > v.at AND (a.flagged = 1 OR v.decision <> 'drop'), 0), a.dated_at"
    " FROM in_force AS v CROSS JOIN articles AS a ON a.id = v.article_id GROUP BY v.article_id"
)
_KEPT = {
    "articles in the order of the rules that flag them": ("flagged_by", FLAGGED_BY),
    "verdicts that stand": ("stands", STANDS),
}


def astray(db: Connection) -> tuple[str, ...]:
    """What differs, a line each; nothing where all is well."""
    found = []
    for what, (table, told) in _KEPT.items():
        wrong = db.value(
            f"SELECT count(*) FROM (SELECT * FROM {table} EXCEPT {told}) UNION ALL"
            f" SELECT count(*) FROM (SELECT * FROM ({told}) EXCEPT SELECT * FROM {table})"
            " ORDER BY 1 DESC LIMIT 1"
        )
        if wrong:
            found.append(f"{wrong} {what} that differ from what is stored of them")
    return tuple(found)
