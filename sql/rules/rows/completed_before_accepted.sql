-- severity: warning
-- reason: docs/method.md §2: each is counted by its own time
-- zh: 办结时间早于受理时间，按报送值统计
-- en: completed before it was accepted: counted as delivered
select table_no, row_no, 'completed_at' as column_name, cast(completed_at as varchar) as value
from described_rows
where completed_at < accepted_at
