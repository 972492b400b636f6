-- becomes: a table
-- Grain: one case number that stands in more than one row of the deliveries being folded.
-- case_no: 办件编号
select case_no from described_rows group by case_no having count(*) > 1
