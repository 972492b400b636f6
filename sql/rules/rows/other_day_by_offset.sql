-- severity: warning
-- reason: docs/method.md §5: times with an offset are converted to the source's time zone, which may move a case to another day
-- zh: 受理或办结时间带时区，换算成数据源所在时区后落在另一天，按换算后的日期统计
-- en: an acceptance or completion with an offset falls on another day in the source's time zone: counted on that day
select table_no, row_no, 'accepted_at, completed_at' as column_name, moved as value
from described_rows
where moved is not null
