-- becomes: a view
-- Grain: as told_pairs, of a week that another warehouse tells: past_states is what it holds.
-- known_from, known_to: it was told by the first deliveries of that warehouse, from this one until before that one
-- measure: accepted, completed, carried_over
-- is_known, is_excluded, was_excluded, has_same_outcome, has_same_facet, group_now, group_before, day_now, day_before: as told_pairs
with states_today as (
    select m.case_no, m.measure, m.group_key, m.day, m.is_excluded, f.facet_key, o.outcome_key
    from measured_states m
    join facets f on f.facet_id = m.facet_id
    join outcomes o on o.outcome_id = m.outcome_id
    where m.to_delivery is null
),
first_known as (
    select case_no, measure, min(from_delivery) as from_delivery from past_states group by case_no, measure
)
select
    p.from_delivery as known_from, coalesce(p.to_delivery, cast($last_delivery as bigint) + 1) as known_to, p.measure,
    n.case_no is not null as is_known, n.is_excluded, p.is_excluded as was_excluded,
    n.outcome_key = p.outcome_key as has_same_outcome, n.facet_key = p.facet_key as has_same_facet,
    n.group_key as group_now, p.group_key as group_before, n.day as day_now, p.day as day_before
from past_states p
left join states_today n on n.case_no = p.case_no and n.measure = p.measure
where n.group_key is distinct from p.group_key or n.day is distinct from p.day
union all
select
    0 as known_from, coalesce(f.from_delivery, cast($last_delivery as bigint) + 1) as known_to, n.measure,
    true as is_known, n.is_excluded, cast(null as boolean) as was_excluded,
    cast(null as boolean) as has_same_outcome, cast(null as boolean) as has_same_facet,
    n.group_key as group_now, cast(null as varchar) as group_before, n.day as day_now, cast(null as date) as day_before
from states_today n
left join first_known f on f.case_no = n.case_no and f.measure = n.measure
