-- Grain: one rule and how many rows it quarantined; a row that breaks several rules counts for each; deliveries with a cut-off up to $as_of.
-- rule: its name in sql/rules/rows
-- row_count: rows
select rule, count(distinct concat(file, '|', sheet, '|', row_no)) as row_count
from quarantine
where exists (
    select 1 from deliveries d where d.delivery_id = quarantine.delivery_id and d.cut_off <= cast($as_of as date))
group by rule
order by rule
