-- severity: quarantine
-- zh: 办结时间不是时间
-- en: the completion time is no time
select table_no, row_no, 'completed_at' as column_name, completed_unread as value
from delivered_rows
where completed_unread is not null
