-- Grain: one rule and how many rows it quarantined; a row that breaks several rules counts for each.
-- rule: its name in sql/checks
-- row_count: rows
select rule, count(distinct concat(file, '|', sheet, '|', row_no)) as row_count
from quarantine
group by rule
order by rule
