-- Grain: one pair of result and status not seen before, judged by the source profile (DOMAIN.md §2).
-- outcome_id: its number in this warehouse
-- outcome_key: digest of the texts, the same in every warehouse
-- result, status: as delivered, clean
-- is_void: 作废, 删除: the case counts nowhere
-- is_not_admitted: 不予受理: neither accepted nor completed
with pairs as (
    select distinct clean_text(s.result) as result, clean_text(s.status) as status
    from (select distinct result, status from staged_rows where not is_blank and not is_around) s
    where not exists (select 1 from outcomes o where o.result = clean_text(s.result) and o.status = clean_text(s.status))
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
