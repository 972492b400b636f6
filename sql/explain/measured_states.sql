-- becomes: a view
-- Grain: one state of a case, seen by one of the measures that asked_figures ask for.
-- case_no, from_delivery, to_delivery, facet_id, outcome_id, is_excluded, accepted_at, completed_at: as counted_states
-- measure: accepted, completed, carried_over
-- group_key: its line of the section: licence, public_service, other_power, unclassified, out_of_scope
-- day: the day it counts on; NULL where it does not
-- accepted_on: the day of its acceptance
-- table_no, row_no: where that was read
select
    s.case_no, s.from_delivery, s.to_delivery, s.facet_id, s.outcome_id, s.is_excluded, s.accepted_at, s.completed_at,
    a.measure,
    case when s.is_in_scope then s.group_key else 'out_of_scope' end as group_key,
    case
        when a.measure = 'accepted' then s.accepted_on
        when a.measure = 'completed' or s.is_carried_over then s.completed_on
    end as day,
    s.accepted_on,
    case when a.measure = 'accepted' then s.table_no else s.completion_table_no end as table_no,
    case when a.measure = 'accepted' then s.row_no else s.completion_row_no end as row_no
from counted_states s
cross join (select distinct measure from asked_figures) a
