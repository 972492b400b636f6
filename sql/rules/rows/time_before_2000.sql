-- severity: warning
-- reason: docs/method.md §5: sentinels such as 1970-01-01 come as times; no platform kept cases before 2000
-- zh: 受理或办结时间早于2000年，按报送值载入
-- en: an acceptance or completion before 2000: loaded as delivered
select
    r.table_no, r.row_no, 'accepted_at, completed_at' as column_name,
    cast(least(r.accepted_at, r.completed_at) as varchar) as value
from described_rows r
where r.accepted_at < timestamp '2000-01-01' or r.completed_at < timestamp '2000-01-01'
