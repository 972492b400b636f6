-- Grain: one row of one delivered table that holds anything: what it says, and from when on it is true.
-- table_no, row_no: where it stands; rows count from 1 as a spreadsheet shows them
-- delivery_no: the delivery
-- case_no: 办件编号
-- facet_id, outcome_id: its descriptions (facets), its result and status (outcomes)
-- applied_at, accepted_at, due_at, completed_at: wall time Asia/Shanghai
-- effective_at: its version time, or the end of the cut-off day where it has none or a later one
-- state_rank: 2 void, 1 completed, 0 accepted
-- corrects: its delivery outranks the others of its cut-off
-- has_acceptance, has_completion, has_outcome: the column families its table speaks for
-- accepted_unread, completed_unread, other_unread: texts that are no time
select
    s.table_no,
    cast(
        t.header_row + 1 + s.row_index - t.first_row_index
        + coalesce((
            select count(*) from skipped_lines r
            where r.table_no = s.table_no and r.readable_before <= s.row_index - t.first_row_index), 0)
        as bigint) as row_no,
    t.delivery_no,
    s.case_no,
    f.facet_id,
    o.outcome_id,
    s.applied_at, s.accepted_at, s.due_at, s.completed_at,
    least(coalesce(s.version_at, t.cut_off_end), t.cut_off_end) as effective_at,
    cast(case when o.is_void then 2 when s.completed_at is not null then 1 else 0 end as tinyint) as state_rank,
    t.corrects,
    t.has_acceptance, t.has_completion, t.has_outcome,
    s.accepted_unread, s.completed_unread, s.other_unread
from indexed_rows s
join tables_in_fold t on t.table_no = s.table_no
join spelled_facets f
    on f.item_type = s.item_type and f.item_code = s.item_code and f.item_name = s.item_name
    and f.department = s.department and f.department_code = s.department_code and f.area_code = s.area_code
    and f.case_kind = s.case_kind and f.channel = s.channel and f.type_hint = s.type_hint
join spelled_outcomes p on p.result = s.result and p.status = s.status
join outcomes o on o.outcome_id = p.outcome_id
where not s.is_blank and not s.is_around
