-- severity: quarantine
-- reason: docs/architecture.md §4: a line whose fields cannot be told apart is not read; it may hold personal data, so nothing of it is kept
-- zh: 字段数与表头的列数不符
-- en: the row has not as many fields as the header
select table_no, line as row_no, '' as column_name, '' as value
from skipped_lines
where flaw = 'structure'
