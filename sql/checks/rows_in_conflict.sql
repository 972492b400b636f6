-- severity: warning
-- zh: 同一办件在同一批次、同一时点有内容不同的多行，只能按固定规则取其一
-- en: rows of one case differ at the same moment of the same delivery; a fixed rule had to choose
select table_no, row_no, 'case_no' as column_name, case_no as value
from (
    select *, count(*) over (partition by case_no, effective_at, corrects, has_acceptance, has_completion) as rivals
    from readable_rows
    where exists (select 1 from repeated_cases c where c.case_no = readable_rows.case_no)
) ranked
where rivals > 1
