-- Grain: one day that the staged rows name and that is not after $now.
-- day: it
-- newest_at: its newest event or version time
-- newest_event_at: its newest acceptance or completion
-- events: acceptances and completions on it
-- has_clock: 1 where one of these times has a time of day
select
    cast(event_at as date) as day,
    max(event_at) as newest_at,
    max(case when is_event = 1 then event_at end) as newest_event_at,
    sum(is_event) as events,
    max(case when is_event = 1 and event_at > cast(cast(event_at as date) as timestamp) then 1 else 0 end) as has_clock
from (
    select accepted_at as event_at, 1 as is_event from staged_rows
    union all select completed_at, 1 from staged_rows
    union all select version_at, 0 from staged_rows
) events
where event_at <= cast($now as timestamp)
group by cast(event_at as date)
order by cast(event_at as date)
