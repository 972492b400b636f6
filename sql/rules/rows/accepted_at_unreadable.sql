-- severity: quarantine
-- reason: docs/method.md §2, §5: the day of acceptance decides the window
-- zh: 受理时间无法识别，应如 2022-07-22 09:30:00
-- en: the acceptance time is no time such as 2022-07-22 09:30:00
select table_no, row_no, 'accepted_at' as column_name, accepted_unread as value
from described_rows
where accepted_unread is not null
-- where the order of dates in the profile would mend it, the rules times_… say so
and table_no not in (select table_no from advised_orders where column_name = 'accepted_at')
