-- becomes: rows of finding_examples
-- Grain: one of the first ten rows of a table that break a rule which does not quarantine. Columns: as the table finding_examples.
select
    table_no, rule, row_no, column_name,
    case when column_name = 'case_no' then mask_case_no(value) else substr(value, 1, 200) end as value
from (
    select *, row_number() over (partition by table_no, rule order by row_no) as place
    from odd_rows
) ranked
where place <= 10
order by rule, table_no, row_no
