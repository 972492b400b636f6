-- becomes: rows of row_findings
-- Grain: one table and one rule that quarantined rows of it. Columns: as the table row_findings.
select table_no, rule, 'quarantine' as severity, count(distinct row_no) as row_count
from quarantined_rows
group by table_no, rule
order by rule, table_no
