-- severity: quarantine
-- reason: docs/method.md §4: refuse damaged numbers
-- zh: 办件编号被电子表格改成了科学计数法，原号已丢失
-- en: a spreadsheet turned the case number into scientific notation; the number itself is lost
select table_no, row_no, 'case_no' as column_name, case_no as value
from described_rows
-- one digit before the point, as spreadsheets write it; a number with an E among many digits is whole
where (case_no like '_.%' or case_no like '_E%' or case_no like '_e%') and regexp_matches(case_no, '^[0-9]([.][0-9]+)?[eE][+]?[0-9]{1,3}(·.*)?$')
