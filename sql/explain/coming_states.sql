-- becomes: a table
-- Grain: one case in a state that the figures before and those now both know (deliveries $previous_delivery and $through_delivery),
-- by measure, whose day was still to come on $previous_end.
-- case_no, measure, group_key, day, is_excluded: as measured_states
-- facet_id, outcome_id: its descriptions; its result and status
with late_states as (
    -- one time after the other: by each alone the engine tells which of its blocks can hold such a day, and skips the rest
    select * from measured_states
    where accepted_at > cast($previous_end as timestamp)
    union all
    select * from measured_states
    where completed_at > cast($previous_end as timestamp)
    and (accepted_at is null or accepted_at <= cast($previous_end as timestamp))
)
select case_no, measure, group_key, day, is_excluded, facet_id, outcome_id
from late_states
where from_delivery <= $previous_delivery and (to_delivery is null or to_delivery > $through_delivery)
and day > cast($previous_end as date)
