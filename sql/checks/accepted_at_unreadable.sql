-- severity: quarantine
-- zh: 受理时间不是时间
-- en: the acceptance time is no time
select table_no, row_no, 'accepted_at' as column_name, accepted_unread as value
from delivered_rows
where accepted_unread is not null
