-- severity: warning
-- reason: docs/architecture.md §4: a bad cell that no figure needs becomes empty
-- zh: 申请、承诺办结或更新时间无法识别，按空值载入
-- en: an application, due or version time is no time and was loaded as empty
select table_no, row_no, 'applied_at, due_at, version_at' as column_name, other_unread as value
from described_rows
where other_unread is not null
