-- becomes: newer values of staged_rows, by row_index
-- Grain: one staged row whose case number became a decimal number (20220718101.0) and which number it was is certain: all others of its
-- table became the same, or an earlier delivery knew the case without the tail. Fifteen digits are all that such a number keeps.
-- row_index: the row
-- case_no: without the tail
with tailed as (
    select row_index, table_no, regexp_extract(case_no, '^([0-9]{1,15})[.]0+$', 1) as whole_no
    from staged_rows
    where (case_no like '%.0' or case_no like '%.00') and is_case and regexp_matches(case_no, '^[0-9]{1,15}[.]0+$')
),
tables_with_tails as (
    select distinct table_no from tailed
),
others as (
    -- what became 4.15748E+18 in the same table was a number there, too
    select distinct r.table_no
    from staged_rows r
    join tables_with_tails t on t.table_no = r.table_no
    where r.is_case and r.case_no <> '' and not regexp_matches(r.case_no, '^[0-9]+([.][0-9]+)?([eE][+]?[0-9]{1,3})$|^[0-9]+[.]0+$')
),
known as (
    select distinct s.case_no
    from case_states s
    join (select distinct whole_no from tailed) t on t.whole_no = s.case_no
)
select t.row_index, t.whole_no as case_no
from tailed t
left join others o on o.table_no = t.table_no
left join known k on k.case_no = t.whole_no
where o.table_no is null or k.case_no is not null
