-- Grain: one table with rows that a warning rule of sql/checks has found. Columns: as the table row_findings.
select table_no, cast($rule as varchar) as rule, 'warning' as severity, count(*) as row_count
from found_rows
group by table_no
