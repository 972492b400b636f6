-- Grain: one state of a case. The one place that says when a case counts (docs/method.md §2); ledger, recount and figures read it.
-- case_no, from_delivery, to_delivery: the state holds from one delivery until before another; NULL: it holds now
-- outcome_id: its result and status
-- is_excluded: void or not admitted: it counts nowhere
-- table_no, row_no: where its acceptance was read
-- completion_table_no, completion_row_no: where its completion was read
-- facet_id: its combination of descriptions; of those:
-- item_type, item_type_label, group_key, department, area_code, is_in_scope, case_kind, channel: its categories
-- due_on: 承诺办结时间, its day
-- statutory_days: 法定时限, working days
-- accepted_on: the day it counts as accepted; NULL where it does not
-- completed_on: the day it counts as completed, whatever year it was accepted in; NULL where it does not
-- is_carried_over: completed in a later year than accepted
-- accepted_at, completed_at: its times, whether it counts or not
select
    s.case_no, s.from_delivery, s.to_delivery, s.facet_id, s.outcome_id,
    o.is_void or o.is_not_admitted as is_excluded,
    s.table_no, s.row_no,
    coalesce(s.completion_table_no, s.table_no) as completion_table_no,
    coalesce(s.completion_row_no, s.row_no) as completion_row_no,
    f.item_type, f.item_type_label, f.group_key, f.department, f.area_code, f.is_in_scope, f.case_kind, f.channel,
    cast(s.due_at as date) as due_on, f.statutory_days,
    case when not o.is_void and not o.is_not_admitted then cast(s.accepted_at as date) end as accepted_on,
    case when not o.is_void and not o.is_not_admitted then cast(s.completed_at as date) end as completed_on,
    coalesce(extract(year from s.accepted_at) < extract(year from s.completed_at), false) as is_carried_over,
    s.accepted_at, s.completed_at
from case_states s
join facets f on f.facet_id = s.facet_id
join outcomes o on o.outcome_id = s.outcome_id
