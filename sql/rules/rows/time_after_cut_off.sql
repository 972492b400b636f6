-- severity: warning
-- reason: docs/architecture.md §3: a delivery is complete through its cut-off; what lies behind it is told by the next one, too
-- zh: 受理或办结时间晚于本批次的截止日期
-- en: an acceptance or completion lies after the cut-off of its delivery
select r.table_no, r.row_no, 'accepted_at, completed_at' as column_name,
    cast(greatest(r.accepted_at, r.completed_at) as varchar) as value
from described_rows r
join tables_in_fold t on t.table_no = r.table_no
where (r.accepted_at >= t.cut_off_end or r.completed_at >= t.cut_off_end)
and coalesce(greatest(r.accepted_at, r.completed_at) < t.received_end, true)
