-- Grain: one sheet, table or member of an archive that holds what looks like cases and was not read.
-- delivery_id, cut_off, file, sheet, row_no: where it stands
-- taken_for, taken_for_en: why it was not read
select d.delivery_id, d.cut_off, r.file, r.sheet, r.row_no, r.taken_for, r.taken_for_en
from reading_doubts r
join deliveries d on d.delivery_no = r.delivery_no
where r.is_loss
order by d.delivery_no, r.file, r.sheet, r.row_no
