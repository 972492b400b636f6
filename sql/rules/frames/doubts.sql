-- Grain: one loaded file.
-- cut_off, place: of its delivery; its path below data/raw, and what of it was passed over
-- parts_passed_over: sheets, tables and members of it that hold what looks like cases and were not read
select
    d.cut_off,
    concat(r.file, ' ［', string_agg(concat(r.sheet, case when r.row_no > 0 then concat(case when r.sheet = '' then '' else ' ' end, '第 ', r.row_no, ' 行') else '' end), '、'), '］') as place,
    count(*) as parts_passed_over
from reading_doubts r
join deliveries d on d.delivery_no = r.delivery_no
where r.is_loss
group by d.cut_off, r.file
order by d.cut_off, r.file
