-- becomes: a view
-- Grain: one row of one delivered table that is a case: what it says, and from when on it is true.
-- table_no, row_no: where it stands; rows count from 1 as a spreadsheet shows them
-- delivery_no: the delivery
-- case_no: 办件编号
-- facet_id, outcome_id: its descriptions (facets), its result and status (outcomes)
-- applied_at, accepted_at, due_at, completed_at: wall time Asia/Shanghai
-- effective_at: its version time, or the end of the cut-off day where it has none or a later one: orders the rows of one cut-off
-- holds_since: its version time, not after the end of the cut-off day; the first moment of all where it has none: an older version of a
--     later cut-off changes nothing
-- state_rank: 2 void, 1 completed, 0 accepted
-- corrects: its delivery outranks the others of its cut-off
-- has_acceptance, has_completion, has_outcome: the column families its table speaks for
-- accepted_unread, completed_unread, other_unread: texts that are no time
-- moved: the text of an acceptance or completion that its offset moved to another day
select
    s.table_no,
    cast(t.header_row + 1 + s.row_index - t.first_row_index + coalesce(k.shift, 0) as bigint) as row_no,
    t.delivery_no,
    s.case_no,
    p.facet_id,
    p.outcome_id,
    s.applied_at, s.accepted_at, s.due_at, s.completed_at,
    least(coalesce(s.version_at, t.cut_off_end), t.cut_off_end) as effective_at,
    case when s.version_at is null then timestamp '0001-01-01' else least(s.version_at, t.cut_off_end) end as holds_since,
    cast(case when p.is_void then 2 when s.completed_at is not null then 1 else 0 end as tinyint) as state_rank,
    t.corrects,
    t.has_acceptance, t.has_completion, t.has_outcome,
    s.accepted_unread, s.completed_unread, coalesce(s.applied_unread, s.due_unread, s.version_unread) as other_unread, s.moved
from staged_rows s
join tables_in_fold t on t.table_no = s.table_no
join description_ids p on p.description_key = s.description_key and (p.is_only_one or p.description is not distinct from s.description)
left join row_shifts k on k.table_no = s.table_no and k.row_index = s.row_index
where s.is_case
