-- becomes: rows of row_findings
-- Grain: one table and one rule that rows of it break, which does not quarantine. Columns: as the table row_findings.
select table_no, rule, severity, count(*) as row_count
from odd_rows
group by table_no, rule, severity
order by rule, table_no
