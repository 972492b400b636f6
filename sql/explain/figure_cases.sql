-- becomes: a view
-- Grain: one case that counts in the one figure of asked_figures.
-- case_no, facet_id, day, accepted_on, table_no, row_no: as measured_states
select s.case_no, s.facet_id, s.day, s.accepted_on, s.table_no, s.row_no
from measured_states s
join asked_figures a on a.group_key = s.group_key and a.measure = s.measure
where s.from_delivery <= a.through_delivery and (s.to_delivery is null or s.to_delivery > a.through_delivery)
and s.day >= a.start_on and s.day <= a.end_on
