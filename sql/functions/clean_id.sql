-- A number that identifies: without the marks that keep a spreadsheet from counting with it (tab, apostrophe, ="…"),
-- white space, and full-width digits and letters; leading zeros stay (docs/method.md §4). '' where empty.
-- value: the cell as delivered
select case
    when value is null then ''
    -- nearly all: ASCII throughout, beginning with a digit, ending with nothing that is cleaned away
    when bit_length(value) = 8 * length(value) and value >= '0' and value < ':'
        and value not like '% ' and value not like '%"' and value not like concat('%', chr(9)) and value not like concat('%', chr(10))
        and value not like concat('%', chr(12)) and value not like concat('%', chr(13))
        then value
    when regexp_matches(value, '^[0-9A-Za-z_.-]+$') then value
    else translate(
        regexp_replace(value, '^[\s\x{00A0}\x{3000}\x{FEFF}]*(=")?[''`]?|"?[\s\x{00A0}\x{3000}\x{FEFF}]*$', '', 'g'),
        '０１２３４５６７８９－ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ',
        '0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZ')
end
