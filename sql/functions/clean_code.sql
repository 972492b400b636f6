-- A cell that holds a code or its label: a code in half width and without the tail of a decimal number (whole_code), a label as it is.
-- value: a clean text (clean_text)
-- halved: the same in half width
select case when regexp_matches(halved, '^[0-9A-Za-z_.-]*$') then whole_code(halved) else value end
