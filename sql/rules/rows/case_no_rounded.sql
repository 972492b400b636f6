-- severity: quarantine
-- reason: docs/method.md §4: refuse damaged numbers
-- zh: 办件编号第15位以后全是零，而同列其他编号或已知编号不是：电子表格只保留15位，原号已丢失；请以文本格式重新导出
-- en: zeros after 15 digits, where others of the column, or known ones, have none: a spreadsheet keeps 15, the number itself is lost; export it as text
with rounded as (
    select table_no, row_no, case_no, length(split_part(case_no, '·', 1)) as digits
    from described_rows
    where (case_no like '%0' or case_no like '%0·%') and regexp_matches(case_no, '^[0-9]{15}0+(·.*)?$')
),
columns_at_risk as (
    select table_no, digits, count(*) as row_count from rounded group by table_no, digits
),
whole as (
    select
        c.table_no, c.digits,
        count(*) filter (
            where regexp_matches(r.case_no, '^[0-9]{15}[0-9]*[1-9][0-9]*(·.*)?$') and not regexp_matches(r.case_no, '^[0-9]{15}0+(·.*)?$'))
            as row_count
    from columns_at_risk c
    join described_rows r on r.table_no = c.table_no and length(split_part(r.case_no, '·', 1)) = c.digits
    group by c.table_no, c.digits
),
-- where all of a column end so, those that are known tell whether the source's numbers do
known as (
    select c.digits
    from (select distinct digits from columns_at_risk) c
    join case_states s on length(split_part(s.case_no, '·', 1)) = c.digits
    where regexp_matches(s.case_no, '^[0-9]{15}[0-9]*[1-9][0-9]*(·.*)?$')
    group by c.digits
)
select o.table_no, o.row_no, 'case_no' as column_name, o.case_no as value
from rounded o
join columns_at_risk c on c.table_no = o.table_no and c.digits = o.digits
join whole w on w.table_no = o.table_no and w.digits = o.digits
-- some numbers end so by nature: one in ten for each digit; only clearly more than that is damage
where (w.row_count > 0 or o.digits in (select digits from known))
and c.row_count > 3 * (c.row_count + w.row_count) / power(10, o.digits - 15)
