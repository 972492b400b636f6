-- Grain: one case in the state that the figures before (delivery $previous_delivery) counted, by measure, if it has another one now
-- ($through_delivery) or its day was still to come.
-- case_no, measure, group_key, day, is_excluded, facet_key, outcome_key: as states_now
with told as (
    select s.case_no, s.measure, s.group_key, s.day, s.is_excluded, s.facet_id, s.outcome_id
    from measured_states s
    where s.from_delivery <= $previous_delivery
    and s.to_delivery > $previous_delivery
    and s.to_delivery <= $through_delivery
    union all
    select case_no, measure, group_key, day, is_excluded, facet_id, outcome_id
    from coming_states
)
select t.case_no, t.measure, t.group_key, t.day, t.is_excluded, f.facet_key, o.outcome_key
from told t
join facets f on f.facet_id = t.facet_id
join outcomes o on o.outcome_id = t.outcome_id
