-- becomes: a table
-- Grain: one row of a case that stands in more than one row of the deliveries being folded. Columns: as described_rows.
select r.*
from described_rows r
semi join repeated_cases c on c.case_no = r.case_no
