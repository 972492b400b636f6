-- Grain: one case in a state that the figures before and those now both know, by measure, whose day was still to come then.
-- case_no, measure, group_key, day, is_excluded: as measured_states
-- facet_id, outcome_id: its descriptions; its result and status
select s.case_no, s.measure, s.group_key, s.day, s.is_excluded, s.facet_id, s.outcome_id
from measured_states s
where s.from_delivery <= (select max(previous_delivery) from asked_figures)
and (s.to_delivery is null or s.to_delivery > (select max(through_delivery) from asked_figures))
-- the newer of both times alone says quickly which can be of such a day
and s.newest_at > (select max(cast(previous_end as timestamp)) from asked_figures)
and s.day > (select max(previous_end) from asked_figures)
