-- Grain: one warning rule of sql/checks that rows of the loaded deliveries break.
-- rule: its name
-- row_count: rows that break it
select rule, cast(sum(row_count) as bigint) as row_count
from row_findings
where severity = 'warning'
group by rule
order by rule
