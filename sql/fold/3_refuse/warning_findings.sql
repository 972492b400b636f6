-- becomes: rows of row_findings
-- Grain: one table with rows that a warning rule has found. Columns: as the table row_findings.
select table_no, rule, 'warning' as severity, count(*) as row_count
from warned_rows
group by table_no, rule
order by rule, table_no
