-- severity: quarantine
-- reason: docs/method.md §4: an error of a spreadsheet is no number
-- zh: 办件编号是电子表格的错误值（如 #N/A），原号不明；请在导出文件中改正公式后重新导出
-- en: the case number is an error of a spreadsheet (such as #N/A); mend the formula and export again
select table_no, row_no, 'case_no' as column_name, case_no as value
from described_rows
where is_error(case_no)
