-- Grain: one loaded file, as it lay below data/raw.
-- file: its path there
-- cut_off, delivery_id: its delivery
-- sha256, bytes, modified_ns: its content, its size, when it was last written
-- received_on: the day it was received
-- corrects: it outranks the others of its cut-off
select distinct t.file, d.cut_off, d.delivery_id, t.sha256, t.bytes, t.modified_ns, t.received_on, t.corrects
from delivered_tables t
join deliveries d on d.delivery_no = t.delivery_no
