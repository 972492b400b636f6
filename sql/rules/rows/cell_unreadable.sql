-- severity: warning
-- reason: docs/method.md §4: an error of a spreadsheet is not an empty cell: what stood there is not known
-- zh: 单元格是电子表格的错误值（如 #N/A、#REF!），按空值载入；请在导出文件中改正公式后重新导出
-- en: a cell holds an error of a spreadsheet (such as #N/A, #REF!) and was loaded as empty; mend the formula and export again
select table_no, row_no, unreadable_column as column_name, unreadable_text as value
from described_rows
where unreadable_column is not null
