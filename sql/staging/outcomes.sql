-- Grain: one pair of result and status not seen before, judged by the source profile (DOMAIN.md §2).
-- outcome_id: its number in this warehouse
-- outcome_key: digest of the texts, the same in every warehouse
-- result, status: as delivered, clean
-- is_void: 作废, 删除: the case counts nowhere
-- is_not_admitted: 不予受理: neither accepted nor completed
with pairs as (
    select distinct s.result_text as result, s.status_text as status
    from spellings s
    where not exists (select 1 from outcomes o where o.result = s.result_text and o.status = s.status_text)
),
keyed as (
    select *, md5(concat_ws('|', result, status)) as outcome_key from pairs
)
select
    cast((select coalesce(max(outcome_id), 0) from outcomes) + row_number() over (order by outcome_key) as integer) as outcome_id,
    outcome_key,
    result, status,
    exists (
        select 1 from outcome_rules r
        where r.rule = 'void'
        and (r.column_name = 'result' and r.name = fold_name(result) or r.column_name = 'status' and r.name = fold_name(status)))
        as is_void,
    exists (
        select 1 from outcome_rules r
        where r.rule = 'not_admitted'
        and (r.column_name = 'result' and r.name = fold_name(result) or r.column_name = 'status' and r.name = fold_name(status)))
        as is_not_admitted
from keyed
