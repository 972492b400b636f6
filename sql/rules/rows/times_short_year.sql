-- severity: quarantine
-- reason: docs/method.md §5: a date that could be read in two ways is read in neither; the source's profile says which it is
-- zh: 本列多数时间无法读取，而按“两位年份-月-日”（如 22-07-22）几乎全部可读；如确系如此，请在数据源配置的 [times] 中写入：has_two_digit_years = true
-- en: most times of this column cannot be read, and nearly all could be with two digits of the year (22-07-22): if they are so, the profile says [times] has_two_digit_years = true
select r.table_no, r.row_no, a.column_name, case when a.column_name = 'accepted_at' then r.accepted_unread else r.completed_unread end as value
from described_rows r
join advised_orders a on a.table_no = r.table_no and a.date_order = 'short_year'
where a.column_name = 'accepted_at' and r.accepted_unread is not null or a.column_name = 'completed_at' and r.completed_unread is not null
