-- Grain: one case in the state that the figures before counted, by measure, if it has another one now or its day was still to come.
-- case_no, measure, group_key, day, is_excluded, facet_key, outcome_key: as states_now
with told as (
    -- single values instead of a join: joined by an inequality, all states would be sorted
    select s.case_no, s.measure, s.group_key, s.day, s.is_excluded, s.facet_id, s.outcome_id
    from measured_states s
    where s.from_delivery <= (select max(previous_delivery) from asked_figures)
    and s.to_delivery > (select max(previous_delivery) from asked_figures)
    and s.to_delivery <= (select max(through_delivery) from asked_figures)
    union all
    select case_no, measure, group_key, day, is_excluded, facet_id, outcome_id
    from coming_states
)
select t.case_no, t.measure, t.group_key, t.day, t.is_excluded, f.facet_key, o.outcome_key
from told t
join facets f on f.facet_id = t.facet_id
join outcomes o on o.outcome_id = t.outcome_id
