-- Grain: one state of a case that was once believed, seen by one of the measures that asked_figures ask for.
-- case_no, measure, group_key, day, is_excluded, from_delivery, to_delivery: as measured_states
-- facet_key, outcome_key: digests of its descriptions, of its result and status
select
    m.case_no, m.measure, m.group_key, m.day, m.is_excluded, m.from_delivery, m.to_delivery, f.facet_key, o.outcome_key
from measured_states m
join facets f on f.facet_id = m.facet_id
join outcomes o on o.outcome_id = m.outcome_id
where m.to_delivery is null or m.from_delivery < m.to_delivery
