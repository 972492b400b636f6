-- Grain: one line: how far the staged rows reach.
-- newest_at: the newest event time that is not after $now
select max(event_at) as newest_at
from (
    select accepted_at as event_at from staged_rows
    union all select completed_at from staged_rows
    union all select version_at from staged_rows
) events
where event_at <= cast($now as timestamp)
