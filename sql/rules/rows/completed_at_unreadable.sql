-- severity: quarantine
-- reason: docs/method.md §2, §5: the day of completion decides the window
-- zh: 办结时间无法识别，应如 2022-07-22 09:30:00
-- en: the completion time is no time such as 2022-07-22 09:30:00
select table_no, row_no, 'completed_at' as column_name, completed_unread as value
from described_rows
where completed_unread is not null
-- where the order of dates in the profile would mend it, the rules times_… say so
and table_no not in (select table_no from advised_orders where column_name = 'completed_at')
