-- becomes: a view
-- Grain: one case, by measure, in a state that was known when a week was told, beside its state of today: where these count apart. The
-- ledger says both.
-- known_from, known_to: it was told by the first deliveries to arrive, from this place in arrivals until before that one
-- measure: accepted, completed, carried_over
-- is_known, is_excluded, was_excluded, has_same_outcome, has_same_facet, group_now, group_before, day_before: as cause_of_change
-- day_now: the day it counts on today
with told as (
    select distinct end_on, previous_delivery from asked_figures
),
reach as (
    -- by delivery: the newest week that was told without it; what counts on a later day has changed no week
    select d.arrival_no, max(t.end_on) as through_day
    from arrivals d
    join told t on t.previous_delivery < d.arrival_no
    group by d.arrival_no
),
states_past as (
    select m.*, r.through_day
    from arrived_states m
    join reach r on r.arrival_no = m.to_delivery
    where m.from_delivery < m.to_delivery
),
states_today as (
    select m.*, r.through_day
    from arrived_states m
    left join reach r on r.arrival_no = m.from_delivery
    where m.to_delivery is null
),
first_known as (
    select case_no, measure, min(from_delivery) as from_delivery from states_past group by case_no, measure
)
select
    p.from_delivery as known_from, p.to_delivery as known_to, p.measure,
    n.case_no is not null as is_known, n.is_excluded, p.is_excluded as was_excluded,
    n.outcome_id = p.outcome_id as has_same_outcome, n.facet_id = p.facet_id as has_same_facet,
    n.group_key as group_now, p.group_key as group_before, n.day as day_now, p.day as day_before
from states_past p
left join states_today n on n.case_no = p.case_no and n.measure = p.measure
where (p.day <= p.through_day or n.day <= p.through_day)
and (n.group_key is distinct from p.group_key or n.day is distinct from p.day)
union all
select
    0 as known_from, coalesce(f.from_delivery, n.from_delivery) as known_to, n.measure,
    true as is_known, n.is_excluded, cast(null as boolean) as was_excluded,
    cast(null as boolean) as has_same_outcome, cast(null as boolean) as has_same_facet,
    n.group_key as group_now, cast(null as varchar) as group_before, n.day as day_now, cast(null as date) as day_before
from states_today n
left join first_known f on f.case_no = n.case_no and f.measure = n.measure
where n.day <= n.through_day
