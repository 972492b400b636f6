-- Whether a number that identifies is as it should be, which nearly all are: ASCII throughout, a digit in front, no blank behind, and none
-- of the control characters that files bring along (tab, line ends, U+001A).
-- value: the cell as delivered
select bit_length(value) = 8 * length(value) and value >= '0' and value < ':' and value not like '% '
    and value not like concat('%', chr(9), '%') and value not like concat('%', chr(10), '%')
    and value not like concat('%', chr(13), '%') and value not like concat('%', chr(26), '%')
