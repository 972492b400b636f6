-- Grain: one warning rule that rows of the loaded deliveries, or cases as they stand now, break.
-- rule: its name: of sql/checks, or result_without_acceptance
-- row_count: rows (cases) that break it
select rule, cast(sum(row_count) as bigint) as row_count
from row_findings
where severity = 'warning'
group by rule
union all
select 'result_without_acceptance' as rule, count(*) as row_count
from case_states
where to_delivery is null and acceptance_as_of is null
having count(*) > 0
