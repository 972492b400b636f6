-- severity: quarantine
-- reason: docs/method.md §2: a case is its number
-- zh: 办件编号为空
-- en: the case number is empty
select table_no, row_no, 'case_no' as column_name, case_no as value
from described_rows
where case_no = ''
