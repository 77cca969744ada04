"""How far alarms are, read beside them: who has taken note, whose they are, and the last verdict."""

from collections.abc import Collection

from sqlalchemy import Connection, func, select

from catflap_host.judged.tables import verdicts
from catflap_host.store.rows import Triage
from catflap_host.triage.tables import triage


def read(connection: Connection, alarm_ids: Collection[int]) -> dict[int, Triage]:
    """By alarm, those that anybody has done something about."""
    if not alarm_ids:
        return {}
    rows = {row["alarm_id"]: dict(row) for row in connection.execute(select(triage).where(triage.c.alarm_id.in_(alarm_ids))).mappings()}
    about = (verdicts.c.about == "alarm") & verdicts.c.subject.in_(alarm_ids)
    newest = select(func.max(verdicts.c.id)).where(about).group_by(verdicts.c.subject)
    told = (verdicts.c.verdict, verdicts.c.at_ms.label("verdict_ms"), verdicts.c.who.label("verdict_by"), verdicts.c.note.label("reason"))
    query = select(verdicts.c.subject.label("alarm_id"), *told).where(verdicts.c.id.in_(newest))
    for row in connection.execute(query).mappings():
        rows[row["alarm_id"]] = rows.get(row["alarm_id"], {}) | dict(row)
    return {alarm: Triage(**{name: value for name, value in row.items() if name != "alarm_id"}) for alarm, row in rows.items()}
