-- severity: warning
-- reason: docs/method.md §5: sentinels and typing errors; what had not happened when the file was received cannot be told by it
-- zh: 受理或办结时间晚于文件收到之日，到那一天才计入
-- en: an acceptance or completion lies after the day the file was received: it counts when that day comes
select
    r.table_no, r.row_no, 'accepted_at, completed_at' as column_name,
    cast(greatest(r.accepted_at, r.completed_at) as varchar) as value
from described_rows r
join tables_in_fold t on t.table_no = r.table_no
where r.accepted_at >= t.received_end or r.completed_at >= t.received_end
