-- becomes: a table
-- Grain: one pair of result and status judged by the source profile (docs/method.md §2).
-- outcome_key: digest of the texts, the same in every warehouse
-- result, status: as delivered, clean
-- is_void: 作废, 删除: the case counts nowhere
-- is_not_admitted: 不予受理: neither accepted nor completed
with keyed as (
    select *, md5(concat_ws('|', result, status)) as outcome_key from outcomes_to_judge
)
select
    outcome_key,
    result, status,
    exists (
        select 1 from outcome_rules r
        where r.rule = 'void'
        and (r.column_name = 'result' and r.name = comparable(result) or r.column_name = 'status' and r.name = comparable(status)))
        as is_void,
    exists (
        select 1 from outcome_rules r
        where r.rule = 'not_admitted'
        and (r.column_name = 'result' and r.name = comparable(result) or r.column_name = 'status' and r.name = comparable(status)))
        as is_not_admitted
from keyed
