-- severity: warning
-- reason: docs/architecture.md §4: rows that only the last two rules order are reported
-- zh: 同一办件在同一批次、同一时点有内容不同的多行，只能按固定规则取其一
-- en: rows of one case differ at the same moment of the same delivery; a fixed rule had to choose
select table_no, row_no, 'case_no' as column_name, case_no as value
from (
    select
        r.table_no, r.row_no, r.case_no,
        count(*) over (partition by r.case_no, r.effective_at, r.corrects, r.has_acceptance, r.has_completion) as rivals
    from rival_rows r
    anti join quarantined_rows q on q.table_no = r.table_no and q.row_no = r.row_no
    anti join repeated_rows p on p.table_no = r.table_no and p.row_no = r.row_no
) ranked
where rivals > 1
