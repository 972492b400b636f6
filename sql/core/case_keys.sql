-- Grain: one row of the deliveries being folded.
-- case_key: a number made of its case number; that two case numbers share one is possible, and allowed for
select hash(case_no) as case_key from case_rows
