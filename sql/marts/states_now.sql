-- Grain: one case in the state that the figures count, by measure, if that is another one than before or its day is new.
-- case_no, measure, group_key, day, is_excluded: as measured_states
-- facet_key, outcome_key: digests of its descriptions, of its result and status
select s.case_no, s.measure, s.group_key, s.day, s.is_excluded, f.facet_key, o.outcome_key
from measured_states s
join facets f on f.facet_id = s.facet_id
join outcomes o on o.outcome_id = s.outcome_id
-- single values instead of a join: joined by an inequality, all states would be sorted
where s.from_delivery <= (select max(through_delivery) from asked_figures)
and (s.to_delivery is null or s.to_delivery > (select max(through_delivery) from asked_figures))
and (s.from_delivery > (select max(previous_delivery) from asked_figures) or s.day > (select max(previous_end) from asked_figures))
