-- severity: quarantine
-- reason: docs/method.md §5: a date that could be read in two ways is read in neither; the source's profile says which it is
-- zh: 本列多数时间无法读取，而按“日/月/年”（如 22/7/2022）几乎全部可读；如确系如此，请在数据源配置的 [times] 中写入：is_day_first = true
-- en: most times of this column cannot be read, and nearly all could be day first (22/7/2022): if they are so, the profile says [times] is_day_first = true
select r.table_no, r.row_no, a.column_name, case when a.column_name = 'accepted_at' then r.accepted_unread else r.completed_unread end as value
from described_rows r
join advised_orders a on a.table_no = r.table_no and a.date_order = 'day_first'
where a.column_name = 'accepted_at' and r.accepted_unread is not null or a.column_name = 'completed_at' and r.completed_unread is not null
